namespace SafeLoop.Tool;

/// <summary>Shows the progress of a watch.</summary>
internal interface IWatchView
{
    void Moment(DateTimeOffset at, Measures measures);

    void Alert(Rule rule, DateTimeOffset at, Measures measures);

    /// <param name="report">What was found.</param>
    /// <param name="file">Where it is kept; null: nowhere.</param>
    void Report(LeakReport report, string? file);

    void Problem(string sentence);
}

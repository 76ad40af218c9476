namespace SafeLoop.Scale;

/// <summary>What to compare, for how long, and where the report goes.</summary>
/// <param name="Loops">How many loops, once each.</param>
/// <param name="Engines">Ids of the engines.</param>
/// <param name="Most">How many loops an engine is asked to carry at most, by its id; those that are not here, all.</param>
/// <param name="Period">How often each loop is due.</param>
/// <param name="Window">How long is measured.</param>
/// <param name="Idle">How long is measured with nothing due.</param>
/// <param name="Repetitions">The figures are medians of so many runs.</param>
/// <param name="TimeOut">How long one run may take before it is ended.</param>
/// <param name="Docs">The directory of performance.md.</param>
/// <param name="Results">A file that keeps every run; those it holds are not repeated. Null: none.</param>
internal sealed record ScaleOptions(
    IReadOnlyList<int> Loops,
    IReadOnlyList<string> Engines,
    IReadOnlyDictionary<string, int> Most,
    TimeSpan Period,
    TimeSpan Window,
    TimeSpan Idle,
    int Repetitions,
    TimeSpan TimeOut,
    string Docs,
    string? Results)
{
    public bool Asks(string engine, int loops) => loops <= Most.GetValueOrDefault(engine, int.MaxValue);
}

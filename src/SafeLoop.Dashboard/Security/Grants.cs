namespace SafeLoop.Dashboard;

/// <summary>What a mapping grants beyond reading. Set while the application is built.</summary>
internal sealed class Grants
{
    /// <summary>Who may operate tasks; null: nobody.</summary>
    public Grant? Operations { get; set; }

    /// <summary>Who sees the texts of errors; null: nobody.</summary>
    public Grant? Errors { get; set; }
}

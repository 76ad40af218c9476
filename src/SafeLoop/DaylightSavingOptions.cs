namespace SafeLoop;

/// <summary>What a cron task does when clocks are set forward or back. Not thread-safe.</summary>
public sealed record DaylightSavingOptions
{
    internal static DaylightSavingOptions Default { get; } = new();

    /// <summary>What a cron task does with local times that do not exist, because clocks are set forward.</summary>
    /// <value>The default is <see cref="SkippedTime.RunAfter"/>.</value>
    public SkippedTime Skipped { get; set; }

    /// <summary>What a cron task does with local times that occur twice, because clocks are set back.</summary>
    /// <value>The default is <see cref="RepeatedTime.Automatic"/>.</value>
    public RepeatedTime Repeated { get; set; }
}

namespace SafeLoop;

/// <summary>
/// The schedule of one key: a period, or a cron expression and its zone. Keys with equal schedules share one definition.
/// </summary>
internal readonly record struct KeySchedule(TimeSpan? Every, string? Cron = null, string? TimeZone = null);

using System.Globalization;

namespace SafeLoop;

/// <summary>
/// Common wrong names for a setting (the name of a verb, a term of another scheduler), with the setting they mean.
/// </summary>
internal static class SettingWords
{
    private static readonly string[] Interval = [nameof(RecurringTaskOptions.Every), nameof(RecurringTaskOptions.Delay)];
    private static readonly string[] Retries = [nameof(RecurringTaskOptions.Resilience)];

    private static readonly Dictionary<string, string[]> Meant = new(StringComparer.OrdinalIgnoreCase)
    {
        // verbs
        ["WithDelay"] = [nameof(RecurringTaskOptions.Delay)],
        ["WithJitter"] = [nameof(RecurringTaskOptions.Jitter)],
        ["WithTimeout"] = [nameof(RecurringTaskOptions.Timeout)],
        ["WithLock"] = [nameof(RecurringTaskOptions.Lock)],
        ["WithResilience"] = Retries,
        ["OnDaylightSaving"] =
        [
            $"{nameof(RecurringTaskOptions.DaylightSaving)}:{nameof(DaylightSavingOptions.Skipped)}",
            $"{nameof(RecurringTaskOptions.DaylightSaving)}:{nameof(DaylightSavingOptions.Repeated)}",
        ],
        ["AsSingleton"] = [nameof(RecurringTaskOptions.Singleton)],

        // terms of other schedulers
        ["Interval"] = Interval,
        ["Period"] = Interval,
        ["Frequency"] = Interval,
        ["Rate"] = Interval,
        ["FixedRate"] = [nameof(RecurringTaskOptions.Every)],
        ["FixedDelay"] = [nameof(RecurringTaskOptions.Delay)],
        ["CronExpression"] = [nameof(RecurringTaskOptions.Cron)],
        ["CronSchedule"] = [nameof(RecurringTaskOptions.Cron)],
        ["CronTab"] = [nameof(RecurringTaskOptions.Cron)],
        ["Dialect"] = [nameof(RecurringTaskOptions.CronDialect)],
        ["Expression"] = [nameof(RecurringTaskOptions.Cron)],
        ["Schedule"] = [nameof(RecurringTaskOptions.Cron)],
        ["ScheduleExpression"] = [nameof(RecurringTaskOptions.Cron)],
        ["Zone"] = [nameof(RecurringTaskOptions.TimeZone)],
        ["ZoneId"] = [nameof(RecurringTaskOptions.TimeZone)],
        ["TimeZoneId"] = [nameof(RecurringTaskOptions.TimeZone)],
        ["TimeZoneInfo"] = [nameof(RecurringTaskOptions.TimeZone)],
        ["TZ"] = [nameof(RecurringTaskOptions.TimeZone)],
        ["Retry"] = Retries,
        ["Retries"] = Retries,
        ["RetryCount"] = Retries,
        ["MaxRetries"] = Retries,
        ["MaxRetryAttempts"] = Retries,
        ["InitialDelay"] = [nameof(RecurringTaskOptions.StartAfter)],
        ["StartDelay"] = [nameof(RecurringTaskOptions.StartAfter)],
        ["DueTime"] = [nameof(RecurringTaskOptions.StartAfter)],
        ["RunOnStartup"] = [nameof(RecurringTaskOptions.RunOnStart)],
        ["RunAtStartup"] = [nameof(RecurringTaskOptions.RunOnStart)],
        ["RunOnceAtStart"] = [nameof(RecurringTaskOptions.RunOnStart)],
        ["RunImmediately"] = [nameof(RecurringTaskOptions.RunOnStart)],
        ["Disabled"] = [nameof(RecurringTaskOptions.Enabled)],
        ["IsEnabled"] = [nameof(RecurringTaskOptions.Enabled)],
        ["Suspend"] = [nameof(RecurringTaskOptions.Enabled)],
        ["Concurrent"] = [nameof(RecurringTaskOptions.Overlap)],
        ["ConcurrencyPolicy"] = [nameof(RecurringTaskOptions.Overlap)],
        ["PreventOverlapping"] = [nameof(RecurringTaskOptions.Overlap)],
        ["DisallowConcurrentExecution"] = [nameof(RecurringTaskOptions.Overlap)],
        ["MaxConcurrency"] =
        [
            nameof(RecurringTaskOptions.Concurrency), $"{nameof(RecurringTaskOptions.Overlap)}:{nameof(OverlapOptions.Max)}",
        ],
        ["Misfire"] = [nameof(RecurringTaskOptions.Missed)],
        ["MisfirePolicy"] = [nameof(RecurringTaskOptions.Missed)],
        ["MisfireInstruction"] = [nameof(RecurringTaskOptions.Missed)],
        ["LockName"] = [nameof(RecurringTaskOptions.Lock)],
        ["Heartbeat"] = [nameof(RecurringTaskOptions.PingAfter)],
        ["HeartbeatUrl"] = [nameof(RecurringTaskOptions.PingAfter)],
        ["PingUrl"] = [nameof(RecurringTaskOptions.PingAfter)],
        ["MaxDuration"] = [nameof(RecurringTaskOptions.Timeout)],
        ["ShutdownTimeout"] = [nameof(RecurringTaskOptions.DrainFor)],
        ["StopTimeout"] = [nameof(RecurringTaskOptions.DrainFor)],
    };

    // Names of versions before 1.0, which had no groups.
    private static readonly Dictionary<string, string> Renamed = new(StringComparer.OrdinalIgnoreCase)
    {
        ["BackOffInitial"] = "BackOff:Initial",
        ["BackOffMax"] = "BackOff:Max",
        ["BackOffFactor"] = "BackOff:Factor",
        ["BackOffJitter"] = "BackOff:Jitter",
        ["WhenLockHeld"] = "Lock:WhenHeld",
        ["LockAtMostFor"] = "Lock:AtMostFor",
        ["LockAtLeastFor"] = "Lock:AtLeastFor",
        ["RequireFencing"] = "Lock:RequireFencing",
        ["OnMissed"] = "Missed:Policy",
        ["MissedWindow"] = "Missed:Window",
        ["MissedMax"] = "Missed:Max",
        ["OnOverlap"] = "Overlap:Policy",
        ["OverlapMax"] = "Overlap:Max",
        ["Gap"] = "DaylightSaving:Skipped",
        ["Repeat"] = "DaylightSaving:Repeated",
        ["DaylightSaving:Gap"] = "DaylightSaving:Skipped",
        ["DaylightSaving:Repeat"] = "DaylightSaving:Repeated",
        ["PauseAfterFailures"] = "Failures:PauseAfter",
        ["StopAfterFailures"] = "Failures:StopAfter",
        ["StopHostAfterFailures"] = "Failures:StopHostAfter",
    };

    private static readonly Dictionary<string, string> OnlyInCode = new(StringComparer.OrdinalIgnoreCase)
    {
        ["DelayBy"] = "DelayBy",
        [nameof(RecurringTaskOptions.DelayPolicy)] = "DelayBy",
        ["Except"] = "Except",
        [nameof(RecurringTaskOptions.Exclusions)] = "Except",
        ["While"] = "While",
        [nameof(RecurringTaskOptions.WhileChecks)] = "While",
        ["Until"] = "Until",
        [nameof(RecurringTaskOptions.UntilChecks)] = "Until",
        ["OnFailure"] = "OnFailure",
        [nameof(RecurringTaskOptions.FailureHandlers)] = "OnFailure",
        ["Step"] = "Step",
        ["Steps"] = "Step",
        ["KeysFrom"] = "KeysFrom",
        [nameof(RecurringTaskOptions.ResiliencePipeline)] = "WithResilience",
        [nameof(RecurringTaskOptions.ConfigureResilience)] = "WithResilience",
    };

    /// <summary>Explains an unknown setting, as a sentence without its full stop.</summary>
    public static string Explain(ConfiguredSetting setting, IEnumerable<string> settings)
    {
        if (OnlyInCode.TryGetValue(setting.Name, out var verb))
            return $"{setting.Name} cannot be set in configuration. Call {verb} in code";
        if (Renamed.TryGetValue(setting.Name, out var now))
            return $"{setting.Name} is now {now}. Rename it";
        return $"{setting.Name} is not a setting{DidYouMean(setting, settings)}";
    }

    private static string DidYouMean(ConfiguredSetting setting, IEnumerable<string> settings)
    {
        if (!Meant.TryGetValue(setting.Name, out var meant))
            return SafeLoop.DidYouMean.Ask(setting.Name, settings);
        if (meant is [nameof(RecurringTaskOptions.Cron)] && TimeSpan.TryParse(setting.Value, CultureInfo.InvariantCulture, out _))
            meant = Interval; // "Schedule: 00:01:00" is an interval
        return $", did you mean '{string.Join("' or '", meant)}'?";
    }
}

namespace SafeLoop;

/// <summary>Sentences about options that are valid but most likely a mistake.</summary>
internal static class TaskWarnings
{
    public static IEnumerable<string> FindAll(RecurringTask task, LoopEnvironment environment)
    {
        var (options, now) = (task.Options, environment.Time.GetUtcNow());
        if (options.Timeout > options.Every)
        {
            yield return $"Timeout ({options.Timeout}) is longer than Every ({options.Every}), "
                + "so slow iterations make later slots overlap. Raise Every or lower Timeout.";
        }
        if (options.Lock is { Name: { } name, WhenHeld: LockHeld.Stop }
            && environment.Locks.Provider is not InProcessLockProvider)
        {
            yield return $"LockHeld.Stop ends its loop the first time another replica holds "
                + $"Lock '{name}', and nothing starts it again. When the last replica with a loop fails, none takes over. "
                + "Use LockHeld.Skip or LockHeld.Wait.";
        }
        if ((task.Schedule as CronSchedule)?.WarningAt(now) is { } doubt)
            yield return doubt;
        // No warning about an uneven step here: its remedy is Every, which an exclusion does not have.
        foreach (var warning in ExcludedTimes.Schedules(options).Select(schedule => schedule.DoubtAt(now)).OfType<string>())
            yield return $"Except: {warning}";
    }

    /// <summary>The warnings that a change has brought.</summary>
    public static IEnumerable<string> FindNew(RecurringTask before, RecurringTask after, LoopEnvironment environment) =>
        FindAll(after, environment).Except(FindAll(before, environment));
}

namespace SafeLoop;

/// <summary>All excluded times of one task.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class ExcludedTimes : IExcluded
{
    private readonly List<IExcluded> _parts = [];
    private volatile object? _failedDay; // a boxed DateOnly, because several loops may use it concurrently
    private Exception? _failure;

    /// <param name="options">The options of the task.</param>
    /// <param name="mistakes">Receives a sentence for each invalid exclusion.</param>
    public ExcludedTimes(RecurringTaskOptions options, ICollection<string> mistakes)
    {
        foreach (var exclusion in options.Exclusions.Where(exclusion => exclusion is not null)) // OptionsProblems reports nulls
        {
            var found = new List<string>();
            if (Read(exclusion, options.Zone, found) is { } part)
                _parts.Add(part);
            foreach (var mistake in found.Where(mistake => !mistakes.Contains(mistake)))
                mistakes.Add(mistake);
        }
    }

    /// <summary>The valid cron schedules among the exclusions.</summary>
    public static IEnumerable<CronSchedule> Schedules(RecurringTaskOptions options) => !options.HasExclusions
        ? []
        : options.Exclusions
            .Where(exclusion => exclusion?.Schedule is not null)
            .Select(exclusion => Schedule(exclusion, options.Zone, []))
            .OfType<CronSchedule>();

    public Stretch At(long instant)
    {
        var (isExcluded, start, end) = (false, long.MaxValue, long.MaxValue);
        foreach (var part in _parts)
        {
            var stretch = part.At(instant);
            if (stretch.IsExcluded && !isExcluded)
                (isExcluded, start, end) = stretch;
            else if (stretch.IsExcluded)
                (start, end) = (Math.Min(start, stretch.Start), Math.Max(end, stretch.End));
            else if (!isExcluded)
                end = Math.Min(end, stretch.End);
        }
        return new(isExcluded, start, end);
    }

    /// <summary>
    /// Returns and clears an exception from a user's rule; null when there is none. Repeated failures for the same day count
    /// once.
    /// </summary>
    public Exception? TakeFailure() => _failure is null ? null : Interlocked.Exchange(ref _failure, null);

    private static CronSchedule? Schedule(Exclusion exclusion, string? taskZone, List<string> mistakes)
    {
        var (expression, _, dialect) = exclusion.Schedule!.Value;
        return CronSchedule.Read(
            expression, exclusion.Zone ?? taskZone, SkippedTime.RunAfter, RepeatedTime.Automatic, dialect, mistakes);
    }

    private IExcluded? Read(Exclusion exclusion, string? taskZone, List<string> mistakes)
    {
        if (exclusion.Schedule is { } other)
        {
            var schedule = Schedule(exclusion, taskZone, mistakes);
            return schedule is null ? null : new ExcludedSchedule(schedule, other.Duration);
        }
        if (!CronZones.TryFind(exclusion.Zone ?? taskZone, out var zone, out var mistake))
        {
            mistakes.Add(mistake);
            return null;
        }
        return exclusion.Hours is { } hours
            ? new ExcludedLocally(zone, local => ExcludedLocally.Hours(hours.From, hours.Length, local))
            : new ExcludedLocally(zone, local => ExcludedLocally.Day(date => IsExcluded(exclusion.Days!, date), local));
    }

    private bool IsExcluded(Func<DateOnly, bool> rule, DateOnly date)
    {
        try
        {
            return rule(date);
        }
        catch (Exception error) // user code threw: the day counts as not excluded, so that the loop neither ends nor stays silent
        {
            if (!date.Equals(_failedDay))
            {
                _failedDay = date;
                Interlocked.CompareExchange(ref _failure, error, null);
            }
            return false;
        }
    }
}

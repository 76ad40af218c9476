namespace SafeLoop;

/// <summary>The entries of one loop around an instant.</summary>
internal sealed record NearbyEntries
{
    /// <summary>The entry whose slot the instant is; null: none is known.</summary>
    public HistoryEntry? At { get; init; }

    /// <summary>Another entry of the same slot, of another host; null: there is none.</summary>
    public HistoryEntry? Other { get; init; }

    /// <summary>An entry of several slots among which the instant lies; null: none.</summary>
    public HistoryEntry? Around { get; init; }

    /// <summary>The last entry before the instant; null: none is known.</summary>
    public HistoryEntry? Before { get; init; }

    /// <summary>The first entry after the instant; null: none is known.</summary>
    public HistoryEntry? After { get; init; }

    /// <summary>How many iterations in a row had failed before the instant; null: the entries do not reach back so far.</summary>
    public int? FailuresBefore { get; init; }

    /// <summary>The hosts of the application, where the answer needs when they were last seen; empty otherwise.</summary>
    public IReadOnlyList<RecurringTaskInstance> Instances { get; init; } = [];

    /// <summary>True when no record between <see cref="Before"/> and <see cref="After"/> can be missing.</summary>
    public bool IsComplete { get; init; }

    public bool IsEmpty => (At ?? Around ?? Before ?? After) is null;

    /// <summary>Finds the entries around an instant.</summary>
    /// <param name="entries">In any order.</param>
    /// <param name="instant">The instant.</param>
    /// <param name="isComplete">True when no entry between the first and the last is missing.</param>
    /// <param name="isAll">True when there are no older entries.</param>
    public static NearbyEntries Find(
        IReadOnlyCollection<HistoryEntry> entries, DateTimeOffset instant, bool isComplete, bool isAll = false)
    {
        HistoryEntry[] at =
        [
            .. entries.Where(entry => entry.Record.Slot == instant)
                .OrderBy(entry => entry.Record.Outcome) // what ran says more than what was skipped beside it
                .ThenByDescending(entry => entry.Record.Started),
        ];
        var planned = entries.Where(entry => !entry.Record.IsManual).ToList();
        var before = planned.Where(entry => entry.Record.Slot < instant).MaxBy(entry => entry.Record.Slot);
        var after = planned.Where(entry => entry.Record.Slot > instant).MinBy(entry => entry.Record.Slot);
        return new()
        {
            At = at.FirstOrDefault(),
            Other = at.Skip(1).FirstOrDefault(),
            Around = planned.Where(entry => entry.Record.Slot > instant && entry.FirstSlot <= instant)
                .MinBy(entry => entry.Record.Slot) ?? (MayContain(after, instant, before) ? after : null),
            Before = before,
            After = after,
            IsComplete = isComplete,
            FailuresBefore = CountFailures(entries, instant, isAll),
        };
    }

    /// <summary>Completes what the store knows with what is in memory and not yet stored.</summary>
    public NearbyEntries With(NearbyEntries memory) => this with
    {
        At = At ?? memory.At,
        FailuresBefore = FailuresBefore ?? memory.FailuresBefore,
        Around = Around ?? memory.Around,
        Before = memory.Before?.Record.Slot > (Before?.Record.Slot ?? DateTimeOffset.MinValue) ? memory.Before : Before,
        After = memory.After?.Record.Slot < (After?.Record.Slot ?? DateTimeOffset.MaxValue) ? memory.After : After,
    };

    private static int? CountFailures(IReadOnlyCollection<HistoryEntry> entries, DateTimeOffset instant, bool isAll)
    {
        var (count, lastSuccess) = (0L, (Started: DateTimeOffset.MinValue, Slot: DateTimeOffset.MinValue));
        foreach (var entry in entries)
        {
            var record = entry.Record;
            if (record.Outcome is IterationOutcome.Succeeded && record.Slot < instant
                && (record.Started, record.Slot).CompareTo(lastSuccess) > 0)
                lastSuccess = (record.Started, record.Slot);
        }
        foreach (var entry in entries)
        {
            var record = entry.Record;
            if (record.Outcome is IterationOutcome.Failed or IterationOutcome.TimedOut
                && record.Slot < instant && (record.Started, record.Slot).CompareTo(lastSuccess) > 0) // slots may start together
                count += record.Count;
        }
        if (lastSuccess.Started > DateTimeOffset.MinValue)
            return (int)count;
        return isAll ? (int)count : null;
    }

    // When the first slot is not known, it is one after the last slot before. Of the oldest entry it is not known at all, but
    // several skips in a row have the start of the first.
    private static bool MayContain(HistoryEntry? after, DateTimeOffset instant, HistoryEntry? before) =>
        after is { Record.Count: > 1, FirstSlot: null } && (before is not null || after.Record.Started <= instant);
}

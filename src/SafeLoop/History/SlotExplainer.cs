namespace SafeLoop;

/// <summary>Explains what a loop did at an instant.</summary>
/// <param name="loop">What this host knows.</param>
/// <param name="near">The entries around the instant.</param>
/// <param name="asked">The instant.</param>
/// <param name="hasStore">True when the entries come from a store too.</param>
/// <param name="note">A remark for the end of the sentence; null: none.</param>
internal sealed class SlotExplainer(LoopFacts loop, NearbyEntries near, DateTimeOffset asked, bool hasStore, string? note)
{
    private readonly TimeText _time = TimeText.For(loop.Task.Options);
    private readonly Instant _at = (near.At ?? near.Around) is null ? (Instant)asked - loop.Ahead : asked;

    private Neighbours? _neighbours; // found once, because that calls the user's exclusions

    private string Subject => loop.Key is null ? $"'{loop.Task.Name}'" : $"'{loop.Task.Name}[{loop.Key}]'";

    private SlotSearch Slots => loop.Slots;

    private CronSchedule? Cron => loop.Task.Schedule as CronSchedule;

    private Neighbours Neighbours => _neighbours ??= Neighbours.Find(loop, near, _at);

    private bool IsFuture => asked > loop.Now.ToDateTimeOffset();

    public SlotExplanation Explain()
    {
        var absence = new AbsenceText(Subject, _time.At(asked), _time);
        if (near.At is { } entry)
            return AnswerWith(entry);
        if (loop.Running.Where(running => running.Slot == _at).ToList() is [var running, ..])
            return Answer(absence.Running(running), ReasonOf(_at));
        if (near.Around is { } around && Slots.IsOnGrid(around.Record.SlotAt))
        {
            if (Slots.IsOnGrid(_at) && Slots.ExcludedAt(_at) is null)
                return AnswerWith(around);
        }
        else if (near.Around is { } vague)
        {
            return Answer(Entries.DescribeAmong(vague, asked), DaylightReason.None, vague);
        }

        if (FindOutside(absence) is { } outside)
            return Answer(outside);
        return Slots.KnowsSlots ? ExplainOnGrid(absence) : ExplainBetween(absence);
    }

    private EntryText Entries => new(Subject, _time, loop.Task.Options.Lock.Name);

    private SlotExplanation AnswerWith(HistoryEntry entry)
    {
        var text = Entries.Describe(entry, asked);
        if (near.Other is { } other)
            text += $"; another record of this slot says that it {Entries.Predicate(other.Record)}";
        var reason = entry.Record.IsManual ? DaylightReason.None : ReasonOf(_at);
        text += DaylightText.Describe(reason);
        var isStill = entry.Record.Reason is OutcomeReason.Paused or OutcomeReason.Disabled;
        return Answer(isStill ? text + Present() : text, reason, entry);
    }

    // What lies outside the life of the loop: before it was registered or began, after it ended.
    private string? FindOutside(AbsenceText absence)
    {
        var hasEarlier = near.Before is not null;
        if (!hasEarlier && loop.RegisteredAt > (Instant)asked)
            return absence.NotRegistered(loop.RegisteredAt, hasStore);
        if (loop.End is { } end && _at > loop.LastSlot && (loop.EndedAt.IsNone || (Instant)asked > loop.EndedAt))
            return absence.Ended(end, loop.EndedAt, loop.StateReason);
        if (loop is { HasBegun: false, End: null } && !hasEarlier)
            return absence.NotBegun() + Present();
        if (Slots.BeginsAfter(_at))
        {
            var from = Slots.From + loop.Ahead;
            return hasEarlier ? absence.OfEarlierLoop(from) + Around() : absence.BeforeBegin(from) + Around();
        }
        return loop.Task.Options.EndAt is { } endAt && asked > endAt ? absence.AfterEndAt(endAt) + Around() : null;
    }

    private SlotExplanation ExplainOnGrid(AbsenceText absence)
    {
        if (!Slots.IsOnGrid(_at))
        {
            if (Cron?.DroppedAt(_at.ToDateTimeOffset()) is { } dropped)
            {
                var reason = dropped.RunsAt is null ? DaylightReason.None : dropped.Reason;
                return Answer(absence.Dropped(dropped, Cron) + Around(), reason);
            }
            return Answer(IsFuture ? absence.NotDueThen() + Around() + Present() : absence.NotDue() + Around());
        }
        if (Slots.ExcludedAt(_at) is { } stretch)
        {
            var exclusion = ExclusionText.Describe(loop.Task.Options, asked);
            return Answer(absence.Excluded(exclusion, new(stretch.Start), new(stretch.End)) + Around());
        }
        return Answer(ExplainSlot(absence), ReasonOf(_at));
    }

    // A slot of the schedule without a record.
    private string ExplainSlot(AbsenceText absence)
    {
        var (next, isDue) = (loop.Next, asked == loop.Next);
        if (IsFuture)
        {
            return !isDue && (Instant?)next > (Instant)asked
                ? WhyMoved(absence) + Present()
                : absence.Upcoming() + Around() + DaylightText.Describe(ReasonOf(_at)) + Present();
        }
        if (isDue)
            return absence.Pending() + Present();
        if (_at <= loop.LastSlot && loop.Running.Any(running => running.Slot < _at) && near.After is null)
            return absence.Queued();
        if (FindForgotten(absence) is { } forgotten)
            return forgotten;
        return WhyMoved(absence) + Around();
    }

    private string WhyMoved(AbsenceText absence)
    {
        var hasFailed = near.Before?.Record.Outcome is IterationOutcome.Failed or IterationOutcome.TimedOut;
        return hasFailed && loop.Task.Options.BackOff.Initial is not null && Next(out var next)
            ? absence.DelayedByBackOff(CountFailures(), next)
            : absence.Moved();
    }

    private SlotExplanation ExplainBetween(AbsenceText absence)
    {
        var schedule = ScheduleText.Describe(loop.Task.Schedule);
        if (IsFuture)
            return Answer(absence.NotKnownYet(schedule) + Around() + Present());
        if (asked == loop.Next)
            return Answer(absence.Pending() + Present());
        var isBetween = near is { Before: not null, After: not null };
        return Answer((isBetween ? null : FindForgotten(absence)) ?? absence.NotDue(schedule) + Around());
    }

    // Null: a record of this instant would still be kept.
    private string? FindForgotten(AbsenceText absence)
    {
        var oldest = loop.Records.Count == 0 ? null : (DateTimeOffset?)(loop.Records[0].FirstSlot ?? loop.Records[0].Record.Slot);
        if (loop.KeepsRecords && (!loop.IsCut || asked > oldest))
            return null;
        if (hasStore)
            return absence.NotStored(near.Before is not null);
        return loop.KeepsRecords
            ? absence.NoLongerKept(loop.Task.Options.HistoryLength, oldest is { } first ? _time.At(first) : null)
            : absence.NotKeptForKey(DescribeLast());
    }

    private string DescribeLast() => loop.LastSlot.IsNone
        ? "it has had no slot yet"
        : $"its last slot was {_time.At(loop.LastSlot + loop.Ahead)}, and what ended last ended as {loop.LastOutcome}";

    private int CountFailures() => loop.Records
        .Where(entry => entry.Record.Slot < asked)
        .Reverse()
        .TakeWhile(entry => entry.Record.Outcome is IterationOutcome.Failed or IterationOutcome.TimedOut)
        .Count();

    private bool Next(out string next)
    {
        var after = Neighbours.After;
        next = after.IsNever ? "" : _time.At(after + loop.Ahead);
        return !after.IsNever;
    }

    // "; the slot before is …, the slot after is …"
    private string Around()
    {
        var (before, after) = Neighbours;
        var isRecorded = near.Before is { } last && last.Record.SlotAt == before;
        var beforeText = before.IsNone ? "no slot before it is known"
            : $"the slot before it is {_time.At(before + loop.Ahead)}"
                + (isRecorded ? $", which {Entries.Predicate(near.Before!.Record)}" : "");
        var afterText = after.IsNever ? "no slot after it is known" : $"the slot after it is {_time.At(after + loop.Ahead)}";
        var wasRunning = isRecorded && near.Before!.Record.Ended >= _at && near.Before.Record.StartedAt <= _at;
        return $"; {beforeText}{(wasRunning ? " and was still running then" : "")}; {afterText}";
    }

    private string Present() => loop.State is RecurringTaskState.Paused or RecurringTaskState.Disabled
        ? $"; it is {(loop.State is RecurringTaskState.Paused ? "paused" : "disabled")} now"
            + (loop.StateReason is { } reason ? $" ({AbsenceText.Trim(reason)})" : "")
        : loop is { End: null, StateReason: { } why } ? $"; now: {AbsenceText.Trim(why)}"
        : "";

    private DaylightReason ReasonOf(Instant slot) =>
        slot.IsNone ? DaylightReason.None : Cron?.ReasonOf(slot.ToDateTimeOffset()) ?? DaylightReason.None;

    private SlotExplanation Answer(string text, DaylightReason daylight = DaylightReason.None, HistoryEntry? entry = null)
    {
        var (before, after) = Neighbours;
        return new()
        {
            TaskName = loop.Task.Name,
            Key = loop.Key,
            Instant = asked,
            Text = $"{text}{(note is null ? "" : $"; {note}")}.",
            Entry = entry,
            SlotBefore = before.IsNone ? null : (before + loop.Ahead).ToNullable(),
            SlotAfter = after.IsNever ? null : (after + loop.Ahead).ToNullable(),
            Daylight = daylight,
        };
    }
}

namespace SafeLoop;

/// <summary>Explains what a loop did at an instant.</summary>
/// <param name="loop">What this host knows.</param>
/// <param name="near">The entries around the instant.</param>
/// <param name="instant">The instant.</param>
/// <param name="hasStore">True when the entries come from a store too.</param>
/// <param name="note">A remark for the end of the sentence; null: none.</param>
internal sealed class SlotExplainer(LoopFacts loop, NearbyEntries near, DateTimeOffset instant, bool hasStore, string? note)
{
    private readonly TimeText _time = TimeText.For(loop.Task.Options);
    private readonly Instant _at = (near.At ?? near.Around) is null ? (Instant)instant - loop.Ahead : instant;

    private Neighbours? _neighbours; // found once, because that calls the user's exclusions

    private string Subject => SubjectText.Format(loop.Task.Name, loop.Key);

    private SlotSearch Slots => loop.Slots;

    private CronSchedule? Cron => loop.Task.Schedule as CronSchedule;

    private Neighbours Neighbours => _neighbours ??= Neighbours.Find(loop, near, _at);

    private bool IsFuture => instant > loop.Now.ToDateTimeOffset();

    public SlotExplanation Explain()
    {
        var absence = new AbsenceText(Subject, _time.At(instant), _time);
        if (near.At is { } entry)
            return AnswerWith(entry);
        if (loop.Running.Where(running => running.Slot == _at).ToList() is [var running, ..])
        {
            return Answer(SlotFinding.Running, absence.Running(running)) with
            {
                Since = (running.Started + loop.Ahead).ToNullable(),
                Daylight = ReasonOf(_at),
            };
        }
        if (near.Around is { } around && Slots.IsOnGrid(around.Record.SlotAt))
        {
            if (Slots.IsOnGrid(_at) && Slots.ExcludedAt(_at) is null)
                return AnswerWith(around);
            // A record of an earlier schedule may end at a time that the present one has too.
            if (Slots.BeginsAfter(around.Record.SlotAt) && !ContinuesEarlierSchedule())
                return AnswerAmong(around);
        }
        else if (near.Around is { } vague)
        {
            return AnswerAmong(vague);
        }
        return FindOutside(absence) ?? (Slots.KnowsSlots ? ExplainOnGrid(absence) : ExplainBetween(absence));
    }

    private SlotExplanation AnswerAmong(HistoryEntry entry) => EntryEvidence.AddTo(
        Answer(SlotFinding.AmongRecorded, EntryText.DescribeAmong(entry, instant)), entry, near);

    private EntryText EntryText => new(Subject, _time, loop.Task.Options.Lock.Name, loop.Task.TimeLimit);

    private SlotExplanation AnswerWith(HistoryEntry entry)
    {
        var text = EntryText.Describe(entry, instant, near);
        if (near.Other is { } other)
            text += $"; another record of this slot says that it {EntryText.Predicate(other.Record)}";
        var reason = entry.Record.IsManual ? DaylightReason.None : ReasonOf(_at);
        text += DaylightText.Describe(reason);
        var isStill = entry.Record.Reason is OutcomeReason.Paused or OutcomeReason.Disabled;
        var answer = Answer(SlotFinding.Recorded, isStill ? text + DescribeState() : text) with { Daylight = reason };
        return EntryEvidence.AddTo(answer, entry, near);
    }

    // What lies outside the life of the loop: before it was registered or began, after it ended.
    private SlotExplanation? FindOutside(AbsenceText absence)
    {
        var hasEarlier = near.Before is not null;
        if (!hasEarlier && loop.RegisteredAt > (Instant)instant)
        {
            var first = near.After?.FirstSlot ?? near.After?.Record.Slot;
            return hasStore && first < loop.RegisteredAt.ToDateTimeOffset()
                ? Answer(SlotFinding.NotKept, absence.NotStored(first.Value)) with { Until = first }
                : Answer(SlotFinding.NotRegistered, absence.NotRegistered(loop.RegisteredAt, hasStore)) with
                {
                    Until = loop.RegisteredAt.ToNullable(),
                };
        }
        if (loop.End is { } end && _at > loop.LastSlot && (loop.EndedAt.IsNone || (Instant)instant > loop.EndedAt))
        {
            return Answer(SlotFinding.Ended, absence.Ended(end, loop.EndedAt, loop.StateReason)) with
            {
                Since = loop.EndedAt.ToNullable(),
                End = end,
                Cause = loop.StateReason,
            };
        }
        if (loop is { HasBegun: false, End: null } && (!hasEarlier || loop.RegisteredAt <= (Instant)instant))
            return Answer(SlotFinding.NotStarted, absence.NotBegun() + DescribeState());
        if (Slots.BeginsAfter(_at) && !ContinuesEarlierSchedule())
        {
            var from = Slots.From + loop.Ahead;
            var text = hasEarlier ? absence.OfEarlierLoop(from) : absence.BeforeBegin(from);
            return Answer(SlotFinding.BeforeSchedule, text + DescribeNeighbours()) with { Until = from.ToNullable() };
        }
        return loop.Task.Options.EndAt is { } endAt && instant > endAt
            ? Answer(SlotFinding.AfterEndAt, absence.AfterEndAt(endAt) + DescribeNeighbours()) with { Since = endAt }
            : null;
    }

    // After a restart the schedule counts from the last slot before it, and slots on both sides show that it was the same.
    private bool ContinuesEarlierSchedule() => hasStore && loop.Task.HasCommonSlots
        && near is { Before.Record: var before, After: { } after } && !(loop.RegisteredAt <= (Instant)instant)
        && Slots.IsOnGrid(before.SlotAt) && Slots.IsOnGrid(after.FirstSlot ?? after.Record.SlotAt);

    private SlotExplanation ExplainOnGrid(AbsenceText absence)
    {
        if (!Slots.IsOnGrid(_at))
        {
            if (Cron?.DroppedAt(_at.ToDateTimeOffset()) is { } dropped)
            {
                var reason = dropped.RunsAt is null ? DaylightReason.None : dropped.Reason;
                return Answer(SlotFinding.DaylightSaving, absence.Dropped(dropped, Cron) + DescribeNeighbours()) with
                {
                    Daylight = reason,
                };
            }
            return IsFuture
                ? AnswerOfFuture(SlotFinding.NotDue, absence.NotDueThen() + DescribeNeighbours())
                : Answer(SlotFinding.NotDue, absence.NotDue() + DescribeNeighbours());
        }
        if (Slots.ExcludedAt(_at) is { } stretch)
        {
            var (exclusion, time) = ExclusionText.Find(loop.Task.Options, instant, stretch);
            var (start, end) = (new Instant(time.Start), new Instant(time.End));
            return Answer(SlotFinding.Excluded, absence.Excluded(exclusion, start, end) + DescribeNeighbours()) with
            {
                Since = start.ToNullable(),
                Until = end.ToNullable(),
                Cause = exclusion,
            };
        }
        return ExplainSlot(absence) with { Daylight = ReasonOf(_at) };
    }

    // A slot of the schedule without a record.
    private SlotExplanation ExplainSlot(AbsenceText absence)
    {
        var (next, isDue) = (loop.Next, instant == loop.Next);
        if (IsFuture)
        {
            if (!isDue && (Instant?)next > (Instant)instant)
                return AnswerOfFuture(WhyMoved(absence));
            return AnswerOfFuture(
                SlotFinding.Upcoming, absence.Upcoming() + DescribeNeighbours() + DaylightText.Describe(ReasonOf(_at)));
        }
        if (isDue)
            return AnswerOfFuture(SlotFinding.Pending, absence.Pending());
        // Slots that came after it may be recorded: those for which the buffer had no place.
        if (_at <= loop.LastSlot && loop.Running.Any(running => running.Slot < _at)
            && near.After is null or { Record.Outcome: IterationOutcome.Skipped })
            return Answer(SlotFinding.Queued, absence.Queued());
        if (FindForgotten(absence) is { } forgotten)
            return Answer(SlotFinding.NotKept, forgotten);
        var moved = WhyMoved(absence);
        return moved with { Text = $"{moved.Text.TrimEnd('.')}{DescribeNeighbours()}." };
    }

    private SlotExplanation WhyMoved(AbsenceText absence)
    {
        var hasFailed = near.Before?.Record.Outcome is IterationOutcome.Failed or IterationOutcome.TimedOut;
        if (!hasFailed || loop.Task.Options.BackOff.Initial is null || !TryGetNext(out var next))
            return Answer(SlotFinding.PassedOver, absence.Moved());
        return Answer(SlotFinding.BackOff, absence.DelayedByBackOff(CountFailures(), _time.At(next))) with
        {
            Since = near.Before!.Record.Ended.ToNullable(),
            Until = next.ToNullable(),
            FailuresBefore = CountFailures(),
            Cause = near.Before.Record.Error,
        };
    }

    private SlotExplanation ExplainBetween(AbsenceText absence)
    {
        var schedule = ScheduleText.Describe(loop.Task.Schedule);
        if (IsFuture)
            return AnswerOfFuture(SlotFinding.NotKnownYet, absence.NotKnownYet(schedule) + DescribeNeighbours());
        if (instant == loop.Next)
            return AnswerOfFuture(SlotFinding.Pending, absence.Pending());
        var isBetween = near is { Before: not null, After: not null };
        return (isBetween ? null : FindForgotten(absence)) is { } forgotten
            ? Answer(SlotFinding.NotKept, forgotten)
            : Answer(SlotFinding.NotDue, absence.NotDue(schedule) + DescribeNeighbours());
    }

    // Null: a record of this instant would still be kept.
    private string? FindForgotten(AbsenceText absence)
    {
        var oldest = loop.Records.Count == 0 ? null : (DateTimeOffset?)(loop.Records[0].FirstSlot ?? loop.Records[0].Record.Slot);
        var isOfThisHost = loop.RegisteredAt <= (Instant)instant;
        if (loop.KeepsRecords && isOfThisHost && (!loop.IsCut || instant > oldest))
            return null;
        if (hasStore)
            return absence.NotStored(near.Before is not null);
        if (!loop.KeepsRecords)
            return absence.NotKeptForKey(DescribeLast());
        var (length, first) = (loop.Task.Options.HistoryLength, oldest is { } slot ? _time.At(slot) : null);
        return loop.Key is null ? absence.NoLongerKept(length, first) : absence.NotKeptForHandle(length, first);
    }

    private string DescribeLast() => loop.LastSlot.IsNone
        ? "it has had no slot yet"
        : $"its last slot was {_time.At(loop.LastSlot + loop.Ahead)}, and what ended last ended as {loop.LastOutcome}";

    private int CountFailures() => near.FailuresBefore ?? loop.Records
        .Where(entry => entry.Record.Slot < instant)
        .Reverse()
        .TakeWhile(entry => entry.Record.Outcome is IterationOutcome.Failed or IterationOutcome.TimedOut)
        .Count();

    private bool TryGetNext(out Instant next)
    {
        next = Neighbours.After.IsNever ? Instant.Never : Neighbours.After + loop.Ahead;
        return !next.IsNever;
    }

    // "; the slot before is …, the slot after is …"
    private string DescribeNeighbours()
    {
        var (before, after) = Neighbours;
        var isRecorded = near.Before is { } last && last.Record.SlotAt == before;
        var beforeText = before.IsNone ? "no slot before it is known"
            : $"the slot before it is {_time.At(before + loop.Ahead)}"
                + (isRecorded ? $", which {EntryText.Predicate(near.Before!.Record)}" : "");
        var afterText = after.IsNever ? "no slot after it is known" : $"the slot after it is {_time.At(after + loop.Ahead)}";
        var wasRunning = isRecorded && near.Before!.Record.Ended >= _at && near.Before.Record.StartedAt <= _at;
        return $"; {beforeText}{(wasRunning ? " and was still running then" : "")}; {afterText}";
    }

    private string DescribeState() => loop.State is RecurringTaskState.Paused && loop.Pause is { } pause
        ? $"; it is paused now{_time.For(pause)}"
        : loop.State is RecurringTaskState.Paused or RecurringTaskState.Disabled
        ? $"; it is {(loop.State is RecurringTaskState.Paused ? "paused" : "disabled")} now"
            + (loop.StateReason is { } reason ? $" ({AbsenceText.Trim(reason)})" : "")
        : loop is { End: null, StateReason: { } why } ? $"; now: {AbsenceText.Trim(why)}"
        : "";

    private DaylightReason ReasonOf(Instant slot) =>
        slot.IsNone ? DaylightReason.None : Cron?.ReasonOf(slot.ToDateTimeOffset()) ?? DaylightReason.None;

    private SlotExplanation AnswerOfFuture(SlotFinding finding, string text) => AnswerOfFuture(Answer(finding, text));

    // What is paused or disabled now may still be then.
    private SlotExplanation AnswerOfFuture(SlotExplanation answer) => answer with
    {
        Text = $"{answer.Text.TrimEnd('.')}{DescribeState()}.",
        Pause = loop.Pause is { } pause && !(pause.Until <= instant) ? pause : null,
    };

    private SlotExplanation Answer(SlotFinding finding, string text)
    {
        var (before, after) = Neighbours;
        return new()
        {
            TaskName = loop.Task.Name,
            Key = loop.Key,
            Instant = instant,
            Text = $"{text}{(note is null ? "" : $"; {note}")}.",
            Finding = finding,
            SlotBefore = before.IsNone ? null : (before + loop.Ahead).ToNullable(),
            SlotAfter = after.IsNever ? null : (after + loop.Ahead).ToNullable(),
        };
    }
}

namespace SafeLoop;

/// <summary>The table of sentences, without their full stops, about an instant that has no entry: one method per case.</summary>
/// <param name="subject">The task, and its key, in quotes.</param>
/// <param name="at">The instant.</param>
/// <param name="time">Writes instants.</param>
internal sealed class AbsenceText(string subject, string at, TimeText time)
{
    public string Running(in RunningSlot running) =>
        $"The {(running.IsManual ? "run by hand" : "iteration of the slot")} of {subject} at {at} has no outcome yet: it has "
        + $"been running since {time.At(running.Started)}{(running.Activity.Length > 0 ? $", now in {running.Activity}" : "")}";

    public string Queued() => $"The slot of {subject} at {at} has no outcome yet: it waits for the iteration that is running";

    public string Pending() =>
        $"The slot of {subject} at {at} has no outcome yet: its time has come, and it waits for its jitter or for its loop";

    public string Upcoming() => $"{at} is a slot of {subject} that is yet to come";

    public string NotDueThen() => $"{subject} will not be due at {at}";

    public string NotKnownYet(string schedule) =>
        $"Whether {subject} will be due at {at} is not known yet: {schedule}";

    public string NotDue() => $"{subject} was not due at {at}";

    public string NotDue(string schedule) => $"{subject} was not due at {at}: {schedule}";

    public string NotRegistered(Instant registered, bool hasStore) =>
        $"{subject} had no slot at {at}: this host registered it at {time.At(registered)}, "
        + (hasStore ? "and the store has no earlier record of it" : "and memory has no record of an earlier host");

    public string NotBegun() =>
        $"{subject} has no slot at {at}: its schedule has not begun, because the host or the application has not started";

    public string BeforeBegin(Instant from) =>
        $"{subject} had no slot at {at}: its schedule counts from {time.At(from)} (the start of the loop, StartAt, StartAfter, "
        + "or the last change of its options)";

    public string OfEarlierLoop(Instant from) =>
        $"{subject} has no record of {at}: its schedule counts from {time.At(from)}, and before that no record is of this slot, "
        + "so it was not due or no host was running";

    public string Ended(LoopEnd end, Instant ended, string? reason) =>
        $"{subject} has no slot at {at}: its loop ended{(ended.IsNone ? "" : $" at {time.At(ended)}")} because {WhyEnded(end)}"
        + (reason is null ? "" : $" ({Trim(reason)})");

    public string AfterEndAt(DateTimeOffset endAt) => $"{subject} has no slot at {at}: none is after its EndAt {time.At(endAt)}";

    public string Excluded(string exclusion, Instant start, Instant end) =>
        $"{subject} has no slot at {at}: its schedule has one there, but the time from {time.At(start)} to {time.At(end)} is "
        + $"excluded by {exclusion}";

    public string Dropped(DroppedTime dropped, CronSchedule cron) => (dropped.Reason, dropped.RunsAt) switch
    {
        (DaylightReason.ShiftedToGapEnd, { } end) =>
            $"{subject} has no slot at {at}: its time {TimeText.TimeOfDay(dropped.Local)} did not exist that day in {time.Zone}, "
            + $"because the clock was set forward, so its slot is when the gap ends, at {time.At(new Instant(end))} "
            + $"(SkippedTime.{cron.Skipped})",
        (DaylightReason.ShiftedToGapEnd, null) =>
            $"{subject} has no slot at {at}: its time {TimeText.TimeOfDay(dropped.Local)} did not exist that day in {time.Zone}, "
            + $"because the clock was set forward, and such times are dropped (SkippedTime.{cron.Skipped})",
        (var pass, var other) =>
            $"{subject} has no slot at {at}: its time {TimeText.TimeOfDay(dropped.Local)} occurs twice that day in {time.Zone}, "
            + $"because the clock is set back, and it does not run the {(pass is DaylightReason.FirstPass ? "first" : "second")} "
            + $"time{(other is { } instant ? $", but at {time.At(new Instant(instant))}" : "")} (RepeatedTime.{cron.Repeated})",
    };

    public string DelayedByBackOff(int failures, string next) =>
        $"{subject} was not due at {at}: its schedule has a slot there, but after {Failures(failures)} its back-off put the next "
        + $"slot off to {next}";

    public string Moved() =>
        $"{subject} was not due at {at}: its schedule has a slot there, but a step selected its next slot, its back-off put it "
        + "off, or its options were changed";

    public string NoLongerKept(int length, string? oldest) =>
        $"The record of {subject} at {at} is no longer in memory, which keeps the last {length} records"
        + (oldest is null ? "" : $"; the oldest is of {oldest}");

    public string NotKeptForHandle(int length, string? oldest) =>
        $"The record of {subject} at {at} is not in memory: the records of a key begin when its handle is first used, and the "
        + $"last {length} are kept" + (oldest is null ? "" : $"; the oldest is of {oldest}");

    public string NotKeptForKey(string last) =>
        $"The record of {subject} at {at} is not in memory: of a key, only the last failure is kept while it fails, and all once "
        + $"its handle was used; {last}";

    public string NotStored(bool hasEarlier) => hasEarlier
        ? $"The store has no record of {subject} at {at}: no host was running then, or it succeeded and successes that old were "
            + "deleted, which are kept for a shorter time than other outcomes"
        : $"The store has no record of {subject} at {at} or before: no host recorded one, or all that old were deleted";

    public string NotStored(DateTimeOffset first) =>
        $"{NotStored(hasEarlier: false)}; the first record of it is of {time.At(first)}";

    public string NoSuchKey() =>
        $"{subject} has no slot at {at} that is known: the key is not among the keys of the task, and no record of it is kept";

    public string OnlyStored() =>
        $"The store has no record of {subject} at {at}, and this host has no such task or key, so its schedule is not known";

    private static string Failures(int count) => count == 1 ? "a failure" : $"{TimeText.Count(count)} failures in a row";

    public static string Trim(string sentence) => Printable.Escape(sentence, 300).TrimEnd('.');

    private static string WhyEnded(LoopEnd end) => end switch
    {
        LoopEnd.Completed => "no slot was left",
        LoopEnd.ConditionMet => "a While check returned false or an Until check true",
        LoopEnd.StoppedByStep => "a step stopped it",
        LoopEnd.LockHeld => "another owner held its lock (LockHeld.Stop)",
        LoopEnd.Failures => "it had failed too often",
        LoopEnd.Stopped => "it was stopped by hand",
        LoopEnd.Removed => "it was removed",
        LoopEnd.HostStopped => "its host stopped",
        LoopEnd.Moved => "another host of the cluster runs it",
        _ => end.ToString(),
    };
}

namespace SafeLoop.Dashboard;

/// <summary>Finds what is wrong with a task, and writes it as sentences.</summary>
internal sealed class ProblemFinder(PageTimes times)
{
    // Health calls a slot overdue by the same limit.
    private static readonly TimeSpan Overdue = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    private static readonly TimeSpan Recent = TimeSpan.FromDays(1);

    /// <summary>Finds the problems of a task; the worst comes first.</summary>
    public IReadOnlyList<Problem> Find(TaskSummary task, RecurringTaskOptions? options, IReadOnlyList<StripSlot> strip) =>
        [.. FindAll(task, options, strip).OrderBy(problem => problem.Severity)];

    private IEnumerable<Problem> FindAll(TaskSummary task, RecurringTaskOptions? options, IReadOnlyList<StripSlot> strip)
    {
        var snapshot = task.Snapshot;
        foreach (var problem in FindInState(task, options))
            yield return problem;
        if (snapshot.End is null && snapshot.ConsecutiveFailures > 0)
            yield return Failing(task);
        if (WithoutSuccess(snapshot) is { } span && span > options?.SucceedWithin)
        {
            yield return Error(task, $"has not succeeded for {DurationText.Rough(span)}, and must within "
                + $"{DurationText.Of(options.SucceedWithin.Value)}.");
        }
        if (snapshot.Pause is not null || snapshot.State is RecurringTaskState.Paused) // it may be running all the same
            yield return Notice(task, PauseWords.Describe(snapshot, times));
        if (snapshot.RejectedChange is { } rejected)
            yield return Warning(task, $"keeps its old options, because the new ones cannot be used: {rejected}");
        var unusual = strip.LastOrDefault(slot =>
            slot.Outcome is IterationOutcome.Skipped && OutcomeWords.IsUnusual(slot.Reason) && times.Now - slot.Slot < Recent);
        if (unusual is not null)
        {
            yield return new(
                ProblemSeverity.Warning,
                task.Name,
                $"skipped {Slots(unusual.Count)} {times.Relative(unusual.Slot)}: {OutcomeWords.Describe(unusual.Reason)}.",
                Link.Slot(task.Name, unusual.Key, unusual.Slot));
        }
    }

    private IEnumerable<Problem> FindInState(TaskSummary task, RecurringTaskOptions? options)
    {
        var snapshot = task.Snapshot;
        var since = snapshot.RunningSince is { } began ? times.Relative(began) : "a while ago";
        switch (snapshot.State)
        {
            case RecurringTaskState.Stuck when snapshot.Keys is not null: // another key may have been running for longer
                yield return OfRunningKey(ProblemSeverity.Error, task, "has a stuck key: its iteration was cancelled and has not "
                    + "ended.");
                break;
            case RecurringTaskState.Stuck:
                yield return Error(task, $"is stuck: it was cancelled, and the iteration that began {since} has not ended.");
                break;
            case RecurringTaskState.Running when snapshot.Keys is not null
                && times.Now - snapshot.RunningSince > Max(Long, options?.Every):
                yield return OfRunningKey(ProblemSeverity.Warning, task, $"may hang: an iteration of a key that began {since} is "
                    + "still running.");
                break;
            case RecurringTaskState.Running when times.Now - snapshot.RunningSince > Max(Long, options?.Every):
                yield return Warning(task, $"may hang: an iteration that began {since} is still running.");
                break;
            case RecurringTaskState.Waiting when times.Now - snapshot.NextSlot > Overdue + (options?.Jitter ?? TimeSpan.Zero):
                yield return Error(task, $"is overdue: its slot {times.Relative(snapshot.NextSlot!.Value)} has not run.");
                break;
            case RecurringTaskState.Disabled:
                yield return Notice(task, "is disabled by its options.");
                break;
            case RecurringTaskState.Ended when snapshot.End is LoopEnd.Failures:
                yield return Error(task, $"has ended after failures. {snapshot.StateReason}");
                break;
            case RecurringTaskState.Ended when snapshot.End is LoopEnd.Stopped or LoopEnd.LockHeld:
                yield return Notice(task, $"has ended: {snapshot.StateReason ?? snapshot.End.ToString()}");
                break;
        }
    }

    private static Problem OfRunningKey(ProblemSeverity severity, TaskSummary task, string text) =>
        new(severity, task.Name, text, Link.To("keys", ("task", task.Name), ("show", nameof(KeySelection.Slowest))));

    private Problem Failing(TaskSummary task)
    {
        var snapshot = task.Snapshot;
        var error = snapshot.LastError is { } text ? $" Last error: {text}" : "";
        return snapshot.Keys is { } keys
            ? new(
                ProblemSeverity.Error,
                task.Name,
                $"is failing for {CountText.Of(keys.Failing)} of {CountText.Of(keys.Count, "key")}.{error}",
                Link.To("keys", ("task", task.Name), ("show", "Failing")))
            : Error(task, snapshot.ConsecutiveFailures == 1
                ? $"has failed.{error}"
                : $"has failed {CountText.Of(snapshot.ConsecutiveFailures)} times in a row{LastSuccess(snapshot)}.{error}");
    }

    private string LastSuccess(RecurringTaskSnapshot snapshot) =>
        snapshot.LastSuccess is { } success ? $"; it last succeeded {times.Relative(success)}" : "";

    private TimeSpan? WithoutSuccess(RecurringTaskSnapshot snapshot) => times.Now - snapshot.LastSuccess;

    private static TimeSpan Max(TimeSpan one, TimeSpan? other) => other > one ? other.Value : one;

    private static string Slots(long count) => count == 1 ? "a slot" : CountText.Of(count, "slot");

    private static Problem Error(TaskSummary task, string text) => Create(ProblemSeverity.Error, task, text);

    private static Problem Warning(TaskSummary task, string text) => Create(ProblemSeverity.Warning, task, text);

    private static Problem Notice(TaskSummary task, string text) => Create(ProblemSeverity.Notice, task, text);

    private static Problem Create(ProblemSeverity severity, TaskSummary task, string text) =>
        new(severity, task.Snapshot.Key ?? task.Name, text, Link.Key(task.Name, task.Snapshot.Key));
}

using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace SafeLoop;

/// <summary>
/// Reports the health of all recurring tasks: stuck, ended, failing, overdue or blocked loops, broken policies, rejected
/// options, and tasks without a recent success.
/// </summary>
internal sealed class RecurringTasksHealthCheck(
    RecurringTasks tasks,
    MemoryWatch? memory,
    ApplicationStart start,
    Pacemaker pacemaker,
    BlockedCalls blocked) : IHealthCheck
{
    // A slot this late was not processed: the loop has no chance to run.
    private static readonly TimeSpan Overdue = TimeSpan.FromSeconds(30);

    // A garbage collection or a busy machine does not delay a wake-up this long.
    private static readonly TimeSpan LateWakeUps = TimeSpan.FromSeconds(1);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var (status, sentences, data) = (HealthStatus.Healthy, new List<string>(), new Dictionary<string, object>());
        foreach (var task in tasks.Ordinary)
        {
            var snapshot = task.Snapshot();
            data[task.Name] = snapshot.State.ToString();
            Add(task.Name, Judge(task, snapshot));
        }
        sentences.AddRange(DisabledTasks.Describe(tasks));
        if (start.Report is { } notStarted)
        {
            status = HealthStatus.Degraded;
            sentences.Add(notStarted);
        }
        if (memory?.Alert is { } alert)
            Add(MemoryWatch.Name, [(HealthStatus.Degraded, $"says: {alert}")]);
        foreach (var call in blocked.All)
            Add(call.Task, [(HealthStatus.Degraded, $"is blocked: {call.Callee} has not returned for {blocked.AgeOf(call)}.")]);
        if (pacemaker.Lateness is var late && late >= LateWakeUps)
        {
            Add("thread pool", [(HealthStatus.Degraded,
                $"is short of threads: loops were woken up to {late} late within the last two minutes.{Blockers()}")]);
        }
        foreach (var task in tasks.All.OfType<KeyedLoops>())
        {
            var health = new KeyHealth(task);
            data[task.Name] = health.Count;
            Add(task.Name, health.Judge());
        }
        return Task.FromResult(new HealthCheckResult(
            status == HealthStatus.Unhealthy ? context.Registration.FailureStatus : status,
            sentences.Count == 0 ? null : string.Join(" ", sentences),
            data: data));

        void Add(string task, IEnumerable<(HealthStatus Severity, string Sentence)> findings)
        {
            foreach (var (severity, sentence) in findings)
            {
                status = severity < status ? severity : status;
                sentences.Add(Printable.Escape($"'{task}' {sentence}", Printable.LongestText));
            }
        }
    }

    private string Blockers()
    {
        var blockers = tasks.All.Select(task => task.Task)
            .Where(task => task.Steps.BlockedFor > TimeSpan.Zero)
            .OrderByDescending(task => task.Steps.BlockedFor)
            .Take(3)
            .Select(task => $"'{task.Name}' ({task.Steps.BlockedFor})")
            .ToArray();
        return blockers.Length == 0 ? ""
            : $" Steps of {string.Join(", ", blockers)} have blocked them: await instead, or call OnDedicatedThread().";
    }

    // A start may be later than its slot by design: by its jitter, and for a spread cron task by up to a minute.
    private static bool IsOverdue(TimeSpan late, RecurringTaskOptions options) =>
        late - (options is { Spread: true, Cron: not null } ? TimeSpan.FromMinutes(1) : TimeSpan.Zero) - Overdue > options.Jitter;

    private IEnumerable<(HealthStatus Severity, string Sentence)> Judge(TaskLoop task, RecurringTaskSnapshot snapshot)
    {
        var now = pacemaker.Time.GetUtcNow();
        if (snapshot.State is RecurringTaskState.Stuck)
            yield return (HealthStatus.Unhealthy, $"is stuck: cancelled, but running since {snapshot.RunningSince:O}.");
        if (snapshot.End is LoopEnd.Failures)
            yield return (HealthStatus.Unhealthy, $"has ended: {snapshot.StateReason}");
        else if (snapshot.End is { } end)
            yield return (HealthStatus.Healthy, $"has ended: {end}.");
        else if (snapshot.ConsecutiveFailures > 0)
            yield return (HealthStatus.Degraded, $"is failing: {snapshot.ConsecutiveFailures} failure(s) in a row.");

        if (snapshot.End is null && task.Acting.Schedule.Mistake is { } mistake)
            yield return (HealthStatus.Degraded, $"has a broken delay policy: it {mistake}.");
        if (snapshot.State is RecurringTaskState.Paused)
            yield return (HealthStatus.Healthy, $"is paused: {snapshot.StateReason}");
        if (snapshot.State is RecurringTaskState.Waiting
            && now - snapshot.NextSlot is { } late && IsOverdue(late, task.Task.Options))
            yield return (HealthStatus.Degraded, $"is overdue: its slot {snapshot.NextSlot:O} has not run.");
        if (snapshot.State is RecurringTaskState.Waiting && task.Acting.Schedule.WaitsForClockUntil is { } until)
        {
            yield return (HealthStatus.Degraded, $"waits for the clock until {until}: it was set back, and no slot runs twice. "
                + ClockSetBack.HowToEndWait);
        }
        if (snapshot is { Running: > 0, Last.Reason: OutcomeReason.PreviousRunning })
            {
                yield return (HealthStatus.Degraded,
                    $"is overdue: its iteration has been running since {snapshot.RunningSince:O} and slots pass.");
            }
        else if (snapshot.State is not RecurringTaskState.Stuck
            && task.Acting.Running.Snapshot.FirstOrDefault(running => running.IsLong(task.Task)) is { } running)
            {
                yield return (HealthStatus.Degraded, $"may hang: its iteration has been running since {snapshot.RunningSince:O} "
                    + $"in {running.Iteration.CurrentActivity}, and has no time limit.");
            }
        if (snapshot.RejectedChange is { } problems)
            yield return (HealthStatus.Degraded, $"runs with its old options, the new ones were rejected: {problems}");
        if (task.Task.Options.SucceedWithin is { } limit && !IsExcused(snapshot)
            && SinceSuccess(task, snapshot) is var ago && ago > limit)
            yield return (HealthStatus.Unhealthy, $"has not succeeded for {ago}, and must within {limit}.");
    }

    /// <summary>True when the task need not succeed: it has ended as planned, or it is not supposed to run.</summary>
    private static bool IsExcused(RecurringTaskSnapshot snapshot) =>
        snapshot.End is not (null or LoopEnd.Failures)
        || snapshot.State is RecurringTaskState.Disabled or RecurringTaskState.NotStarted
        || (snapshot.State is RecurringTaskState.Paused && snapshot.ConsecutiveFailures == 0)
        || (snapshot.Running == 0 && IsUntried(snapshot));

    /// <summary>True when the task was disabled or paused by hand until its last slot.</summary>
    private static bool IsUntried(RecurringTaskSnapshot snapshot) =>
        snapshot.Last is { Reason: OutcomeReason.Disabled }
        || snapshot is { Last.Reason: OutcomeReason.Paused, ConsecutiveFailures: 0 };

    /// <summary>
    /// Time since the last success, the loop's start, or the first run after re-enabling, whichever is latest.
    /// </summary>
    private TimeSpan SinceSuccess(TaskLoop task, RecurringTaskSnapshot snapshot)
    {
        var since = task.Loop.StartedAt is { } started ? pacemaker.Time.GetElapsedTime(started) : TimeSpan.Zero;
        if (task.Log.SucceededAt is { } success && pacemaker.Time.GetElapsedTime(success) is var ago && ago < since)
            since = ago;
        if (IsUntried(snapshot) && task.Acting.Running.Snapshot is [var first, ..] && first.Age < since)
            since = first.Age;
        return since;
    }
}

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
    BlockedCalls blocked,
    StoreSession? store) : IHealthCheck
{
    // A garbage collection or a busy machine does not delay a wake-up this long.
    private static readonly TimeSpan LateWakeUps = TimeSpan.FromSeconds(1);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var (status, sentences, data) = (HealthStatus.Healthy, new List<string>(), new Dictionary<string, object>());
        var now = pacemaker.Time.GetUtcNow();
        foreach (var task in tasks.Ordinary)
        {
            var snapshot = task.Snapshot();
            data[task.Name] = snapshot.State.ToString();
            var loop = LoopView.From(task, snapshot);
            var found = LoopHealth.Judge(loop, now);
            foreach (var symptom in Enum.GetValues<Symptoms>())
            {
                if (symptom is not Symptoms.None && found.HasFlag(symptom))
                    Add(LoopHealth.SeverityOf(symptom), task.Name, LoopHealth.Describe(symptom, loop));
            }
            AddRejected(task.Name, task.RejectedChange);
        }
        sentences.AddRange(DisabledTasks.Describe(tasks));
        if (start.Report is { } notStarted)
        {
            status = HealthStatus.Degraded;
            sentences.Add(notStarted);
        }
        if (store?.Problem is { } problem)
        {
            status = HealthStatus.Degraded;
            sentences.Add(Printable.Escape(problem, Printable.LongestText));
        }
        if (memory?.Alert is { } alert)
            Add(HealthStatus.Degraded, MemoryWatch.Name, $"says: {alert}");
        foreach (var call in blocked.All)
            Add(HealthStatus.Degraded, call.Task, $"is blocked: {call.Callee} has not returned for {blocked.AgeOf(call)}.");
        if (pacemaker.Lateness is var late && late >= LateWakeUps)
        {
            Add(
                HealthStatus.Degraded,
                "thread pool",
                $"is short of threads: loops were woken up to {late} late within the last two minutes.{Blockers()}");
        }
        foreach (var task in tasks.All.OfType<KeyedLoops>())
        {
            var health = new KeyHealth(task, now);
            data[task.Name] = health.Count;
            foreach (var (symptom, subject, sentence) in health.Judge())
                Add(LoopHealth.SeverityOf(symptom), subject, sentence);
            if (task.PauseReason is { } reason)
                Add(HealthStatus.Healthy, task.Name, $"is paused: {reason}");
            AddRejected(task.Name, task.RejectedChange);
        }
        return Task.FromResult(new HealthCheckResult(
            status == HealthStatus.Unhealthy ? context.Registration.FailureStatus : status,
            sentences.Count == 0 ? null : string.Join(" ", sentences),
            data: data));

        void AddRejected(string task, string? problems)
        {
            if (problems is not null)
                Add(HealthStatus.Degraded, task, $"runs with its old options, the new ones were rejected: {problems}");
        }

        void Add(HealthStatus severity, string subject, string sentence)
        {
            status = severity < status ? severity : status;
            var end = sentence is [.., '.' or '!' or '?' or '…'] ? "" : "."; // a reason of an operator may have none
            sentences.Add(Printable.Escape($"'{subject}' {sentence}{end}", Printable.LongestText));
        }
    }

    private string Blockers()
    {
        var blockers = tasks.All
            .Where(group => group.Task.Steps.BlockedFor > TimeSpan.Zero)
            .OrderByDescending(group => group.Task.Steps.BlockedFor)
            .Take(3)
            .ToArray();
        if (blockers.Length == 0)
            return "";
        var names = blockers.Select(group => $"'{group.Task.Name}' ({group.Task.Steps.BlockedFor})");
        var remedies = blockers.Select(group => BlockedSteps.RemedyFor(isKeyed: group is KeyedLoops)).Distinct();
        return $" Steps of {string.Join(", ", names)} have blocked them: await instead, or {string.Join(", or ", remedies)}.";
    }
}

using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace SafeLoop;

/// <summary>
/// The health of a keyed task: how many of its keys are stuck, ended, failing and so on, with up to three examples each.
/// </summary>
internal sealed class KeyHealth
{
    private readonly KeyedLoops _task;
    private readonly Found _stuck = new(), _ended = new(), _failing = new(), _overdue = new(), _long = new(), _broken = new();
    private readonly Found _waiting = new();
    private readonly Instant _waitsUntil;

    public KeyHealth(KeyedLoops task)
    {
        (_task, Count) = (task, task.Count);
        foreach (var key in task.Look())
        {
            _stuck.Add(key, IsStuck(key));
            _ended.Add(key, key.End is LoopEnd.Failures);
            _failing.Add(key, key.End is null && key.Failures > 0);
            _overdue.Add(key, IsOverdue(key));
            _long.Add(key, IsLong(key));
            _broken.Add(key, HasBrokenPolicy(key));
            if (!key.WaitsForClock)
                continue;
            _waiting.Add(key, true);
            _waitsUntil = Instant.Max(_waitsUntil, key.LastSlot);
        }
    }

    public int Count { get; }

    public IEnumerable<(HealthStatus Severity, string Sentence)> Judge()
    {
        if (Describe(_stuck) is { } stuck)
            yield return (HealthStatus.Unhealthy, $"is stuck: cancelled, but still running, for {stuck}.");
        if (Describe(_ended) is { } ended)
            yield return (HealthStatus.Unhealthy, $"has ended after failures for {ended}.");
        if (Describe(_failing) is { } failing)
            yield return (HealthStatus.Degraded, $"is failing for {failing}.");
        if (Describe(_overdue) is { } overdue)
            yield return (HealthStatus.Degraded, $"is overdue: an iteration is running and slots pass, for {overdue}.");
        if (Describe(_long) is { } mayHang)
            yield return (HealthStatus.Degraded, $"may hang: an iteration takes long and has no time limit, for {mayHang}.");
        if (Describe(_broken) is { } broken)
            yield return (HealthStatus.Degraded, $"has a broken delay policy for {broken}.");
        if (Describe(_waiting) is { } waiting && _task.Paused is null)
        {
            yield return (HealthStatus.Degraded, $"waits for the clock until {_waitsUntil} at the latest: it was set back, "
                + $"and no slot runs twice, for {waiting}. {ClockSetBack.HowToEndWait}");
        }
        if (_task.Paused is { } reason)
            yield return (HealthStatus.Healthy, $"is paused: {reason}");
        if (_task.Rejected is { } problems)
            yield return (HealthStatus.Degraded, $"runs with its old options, the new ones were rejected: {problems}");
    }

    private static bool IsStuck(in KeyLook key) =>
        key.Runner is { Running.Count: > 0 } runner && runner.Running.Snapshot.Any(iteration => iteration.IsStuck);

    // The last record may belong to another key that used this runner before.
    private static bool IsOverdue(in KeyLook key) =>
        key.Runner is { Running.Count: > 0, Log.Last: { Reason: OutcomeReason.PreviousRunning } last } runner
        && runner.Running.Snapshot is [var running, ..] && last.Started >= running.Started.Now.ToDateTimeOffset();

    private static bool IsLong(in KeyLook key)
    {
        var task = key.Task;
        return key.Runner is { Running.Count: > 0 } runner
            && runner.Running.Snapshot.Any(iteration => !iteration.IsStuck && iteration.IsLong(task));
    }

    private static bool HasBrokenPolicy(in KeyLook key) => key.End is null && key.State.IsPolicyBroken;

    private string? Describe(Found found) => found.Count == 0
        ? null
        : $"{found.Count:N0} of {Count:N0} keys, among them {string.Join(", ", found.Examples.Select(loop => Quote(_task.KeyOf(loop))))}";

    private static string Quote(IKeyed? key) => key is null ? "a key that was removed" : $"'{LoopName.FormatKey(key.Key)}'";

    private sealed class Found
    {
        private const int MostExamples = 3;

        public int Count { get; private set; }

        public List<LoopId> Examples { get; } = new(MostExamples);

        public void Add(in KeyLook key, bool isSo)
        {
            if (!isSo)
                return;
            Count++;
            if (Examples.Count < MostExamples)
                Examples.Add(key.Loop);
        }
    }
}

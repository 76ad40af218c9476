using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace SafeLoop;

/// <summary>The health of a keyed task: how many of its keys are stuck, ended or failing, with one of them as an example.</summary>
internal sealed class KeyHealth(KeyedLoops task)
{
    private readonly IReadOnlyCollection<KeyedLoop> _loops = task.All();

    public int Count => _loops.Count;

    public IEnumerable<(HealthStatus Severity, string Sentence)> Judge()
    {
        if (Find(IsStuck) is { } stuck)
            yield return (HealthStatus.Unhealthy, $"is stuck: cancelled, but still running, for {stuck}.");
        if (Find(loop => loop.End is LoopEnd.Failures) is { } ended)
            yield return (HealthStatus.Unhealthy, $"has ended after failures for {ended}.");
        if (Find(loop => loop.End is null && FailuresOf(loop) > 0) is { } failing)
            yield return (HealthStatus.Degraded, $"is failing for {failing}.");
        if (Find(HasBrokenPolicy) is { } broken)
            yield return (HealthStatus.Degraded, $"has a broken delay policy for {broken}.");
        if (task.Paused is { } reason)
            yield return (HealthStatus.Healthy, $"is paused: {reason}");
        if (task.Rejected is { } problems)
            yield return (HealthStatus.Degraded, $"runs with its old options, the new ones were rejected: {problems}");
    }

    // While a loop is in a runner, that knows more than what was parked.
    private static int FailuresOf(KeyedLoop loop) => loop.Runner?.Log.History.ConsecutiveFailures ?? loop.Memory.ConsecutiveFailures;

    // A runner that is lent has forgotten the answer by which it was parked.
    private static bool HasBrokenPolicy(KeyedLoop loop) => loop.End is null && (loop.Runner is { IsLent: false } own
        ? own.Schedule.Planner.Mistake is not null
        : (loop.Memory.ParkedAs & ParkedAs.PolicyBroken) != 0);

    private static bool IsStuck(KeyedLoop loop) => loop.Runner is { } runner && runner.Running.Snapshot.Any(iteration => iteration.IsStuck);

    private string? Find(Func<KeyedLoop, bool> isSo)
    {
        var found = _loops.Where(isSo).ToArray();
        return found.Length == 0 ? null : $"{found.Length:N0} of {Count:N0} keys, among them '{((IKeyed)found[0]).Key}'";
    }
}

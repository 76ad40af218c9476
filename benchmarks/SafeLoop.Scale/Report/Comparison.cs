using SafeLoop.Scale.Running;

namespace SafeLoop.Scale.Report;

/// <summary>The results of all scenarios.</summary>
internal sealed class Comparison(IEnumerable<Attempt> attempts)
{
    public IReadOnlyList<Result> All { get; } =
        [.. attempts.GroupBy(attempt => attempt.Scenario).Select(group => new Result(group.Key, [.. group]))];

    /// <summary>The engines side by side, size by size.</summary>
    public IEnumerable<Result> Running => All.Where(result => !result.Scenario.IsIdle).OrderBy(result => result.Scenario.Loops);

    public IEnumerable<Result> Idle =>
        All.Where(result => result.Scenario.IsIdle).OrderByDescending(result => result.Scenario.Loops);

    /// <returns>Null: it was not asked for.</returns>
    public Result? Find(string engine, int loops, bool isIdle = false) =>
        All.FirstOrDefault(result => result.Scenario.Engine == engine && result.Scenario.Loops == loops
            && result.Scenario.IsIdle == isIdle);
}

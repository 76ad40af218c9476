using SafeLoop.Scale.Engines;
using SafeLoop.Scale.Measuring;

namespace SafeLoop.Scale.Running;

/// <summary>
/// What is run: every engine at every size, and what the promises about start-up, history and idleness need besides.
/// </summary>
internal static class Scenarios
{
    /// <summary>The size of <see cref="FullHistory"/>.</summary>
    public const int FullHistoryTasks = 10_000;

    private const int HistoryLength = 64;
    private const int LargestIdlePeer = 100_000;

    private static readonly TimeSpan Unreached = TimeSpan.FromHours(1);
    private static readonly TimeSpan HistoryPeriod = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(2);

    public static IReadOnlyList<Scenario> Of(ScaleOptions options)
    {
        var scenarios = new List<Scenario>();
        foreach (var loops in options.Loops)
            scenarios.AddRange(options.Engines.Where(engine => options.Asks(engine, loops))
                .Select(engine => new Scenario(engine, loops, options.Period, options.Period + Margin, options.Window)));

        if (options.Engines.Contains(EngineCatalog.Named) && options.Loops.Any(loops => loops >= FullHistoryTasks))
            scenarios.Add(FullHistory);

        scenarios.AddRange(
            from engine in options.Engines
            from loops in options.Loops.Where(loops => options.Asks(engine, loops) && loops <= LargestIdle(engine)).TakeLast(1)
            select new Scenario(engine, loops, Unreached, Margin, options.Idle, IsIdle: true));
        return scenarios;
    }

    private static int LargestIdle(string engine) => EngineCatalog.Find(engine).IsPeer ? LargestIdlePeer : int.MaxValue;

    /// <summary>Registered tasks, run so often before anything is measured that the history of each is full.</summary>
    private static Scenario FullHistory => new(
        EngineCatalog.Registered, FullHistoryTasks, HistoryPeriod, (HistoryLength * 1.25 * HistoryPeriod) + Margin,
        TimeSpan.FromSeconds(5));
}

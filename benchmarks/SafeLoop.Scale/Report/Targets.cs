using System.Text;
using SafeLoop.Scale.Engines;
using SafeLoop.Scale.Measuring;
using SafeLoop.Scale.Running;
using static SafeLoop.Scale.Engines.EngineCatalog;

namespace SafeLoop.Scale.Report;

/// <summary>What SafeLoop promises at scale.</summary>
internal static class Targets
{
    private const int Million = 1_000_000, HundredThousand = 100_000, TheStory = 390_285;

    public static IReadOnlyList<Verdict> Judge(Comparison runs)
    {
        var keyed = runs.Find(Keyed, Million);
        var timers = runs.Find(Periodic, Million);
        var delays = runs.Find(Delay, Million);
        var small = runs.Find(Keyed, HundredThousand);
        var quartz = runs.Find(EngineCatalog.Quartz, HundredThousand);
        var registered = runs.Find(Registered, Scenarios.FullHistoryTasks);
        return
        [
            Target.Ratio(
                "1,000,000 keyed loops: bytes ≤ 0.5 × `PeriodicTimer`", keyed, timers, run => run.BytesPerLoop, 0.5, "0 B"),
            Target.AtMost("1,000,000 keyed loops: ≤ 100 B each, with `int` keys", keyed, run => run.BytesPerLoop, 100, "0.0 B"),
            Target.AtMost("1,000,000 keyed loops: a full collection takes ≤ 10 ms", keyed, run => run.FullCollectionMilliseconds,
                10, "0.0 ms"),
            Target.Ratio("1,000,000 keyed loops: CPU per iteration ≤ 0.75 × `PeriodicTimer`", keyed, timers,
                run => run.MicrosecondsPerIteration, 0.75, "0.00 µs"),
            Target.Ratio("1,000,000 keyed loops: p99 lateness ≤ 0.4 × `PeriodicTimer`", keyed, timers, run => run.Late99, 0.4,
                "0.0 ms"),
            Target.AtMost("1,000,000 keyed loops: 0 B allocated per iteration (rounded to a tenth)", keyed,
                run => run.AllocatedPerIteration, 0.05, "0.00 B"),
            Target.AtMost("1,000,000 keyed loops: start in under 2 s", keyed, run => run.StartSeconds, 2, "0.00 s"),
            Target.Ratio("1,000,000 keyed loops: start no slower than `PeriodicTimer`", keyed, timers, run => run.StartSeconds, 1,
                "0.00 s"),
            Target.Ratio("1,000,000 keyed loops: start no slower than `Task.Delay`", keyed, delays, run => run.StartSeconds, 1,
                "0.00 s"),
            Target.AtMost("390,285 keyed loops: resident memory of the process ≤ 130 MB", runs.Find(Keyed, TheStory),
                run => run.ResidentBytes / 1e6, 130, "0 MB"),
            Target.AtMost("10,000 named tasks with full histories: ≤ 6 KB each", registered, run => run.BytesPerLoop, 6_000,
                "#,0 B"),
            Target.AtMost("10,000 named tasks, registered: start in under 1 s", registered, run => run.StartSeconds, 1, "0.00 s"),
            Target.Fewer("100,000 keyed loops: ≥ 8 × fewer bytes per loop than Quartz", small, quartz, run => run.BytesPerLoop, 8,
                "#,0 B"),
            Target.Fewer("100,000 keyed loops: ≥ 20 × less CPU per iteration than Quartz", small, quartz,
                run => run.MicrosecondsPerIteration, 20, "0.0 µs"),
            Target.Ratio("Keyed loops: CPU per iteration of 1,000,000 ≤ 1.5 × that of 100,000", keyed, small,
                run => run.MicrosecondsPerIteration, 1.5, "0.00 µs"),
            Target.AtMost("1,000,000 keys added and removed: ≤ 1 % of their heap is left", keyed, Left, 1, "0.00 '%'"),
            Target.AtMost("1,000,000 idle keyed loops: < 0.5 % of a core", runs.Find(Keyed, Million, isIdle: true),
                run => run.CoreShare * 100, 0.5, "0.00 '%'"),
        ];

        static double Left(Measurement run) => run.BytesLeft!.Value / (run.BytesPerLoop * Million) * 100;
    }

    public static string Text(IReadOnlyList<Verdict> verdicts)
    {
        var text = new StringBuilder();
        foreach (var verdict in verdicts)
            text.AppendLine($"{verdict.Word,-16}{verdict.Promise}: {verdict.Measured}");
        return text.ToString();
    }
}

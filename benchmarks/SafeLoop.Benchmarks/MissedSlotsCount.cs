using BenchmarkDotNet.Attributes;

namespace SafeLoop.Benchmarks;

/// <summary>
/// What a loop does about a million slots it has slept through: counts them, and finds the
/// latest. Beside the same for a single slot.
/// </summary>
[MemoryDiagnoser]
public class MissedSlotsCount
{
    // The clocks change on 2026-03-29, in the middle of the million seconds.
    private static readonly Instant First = new DateTimeOffset(2026, 3, 25, 0, 0, 0, TimeSpan.Zero);

    private SlotRules _rules = null!;

    [Params("Every 1 s", "* * * * * *", "*/3 * 1-22 * * MON-FRI")]
    public string Schedule { get; set; } = "";

    [GlobalSetup]
    public void Plan()
    {
        var options = new RecurringTaskOptions();
        if (Schedule.StartsWith("Every", StringComparison.Ordinal))
            options.Every = TimeSpan.FromSeconds(1);
        else
            options.Cron = Schedule;
        ISchedule schedule = options.Cron is { } cron
            ? CronSchedule.Parse(cron, "Europe/Berlin")
            : new FixedRate(TimeSpan.FromSeconds(1));
        _rules = new SlotRules(options, schedule);
    }

    [Benchmark(Baseline = true)]
    public long One() => CountUntil(First + TimeSpan.FromSeconds(0.5));

    [Benchmark]
    public long A_million_seconds() => CountUntil(First + TimeSpan.FromSeconds(999_999.5));

    private long CountUntil(Instant now) =>
        _rules.CountDue(new PlannedSlot(First, First, true), now, Instant.Never, TimeSpan.Zero).Count;
}

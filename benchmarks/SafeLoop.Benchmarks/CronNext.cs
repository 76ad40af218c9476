using BenchmarkDotNet.Attributes;
using Cronos;

namespace SafeLoop.Benchmarks;

/// <summary>
/// What the next slot of a cron expression costs, with the rules for daylight saving, beside
/// the parser's own answer without them.
/// </summary>
[MemoryDiagnoser]
public class CronNext
{
    private const string Zone = "Europe/Berlin";

    // The clocks change between the two on 2026-10-25.
    private static readonly DateTimeOffset Ordinary = new(2026, 6, 15, 12, 2, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset BeforeChange = new(2026, 10, 25, 0, 30, 0, TimeSpan.Zero);

    private readonly TimeZoneInfo _zone = TimeZoneInfo.FindSystemTimeZoneById(Zone);
    private CronExpression _cronos = null!;
    private CronSchedule _cron = null!;

    [Params("*/5 * * * *", "0 3 * * *", "0 0 29 2 *")]
    public string Expression { get; set; } = "";

    [GlobalSetup]
    public void Parse()
    {
        _cronos = CronExpression.Parse(Expression);
        _cron = CronSchedule.Parse(Expression, Zone);
    }

    [Benchmark(Baseline = true)]
    public DateTimeOffset? Cronos() => _cronos.GetNextOccurrence(Ordinary, _zone);

    [Benchmark]
    public DateTimeOffset? Next() => _cron.NextAfter(Ordinary);

    [Benchmark]
    public DateTimeOffset? Next_at_a_change_of_clocks() => _cron.NextAfter(BeforeChange);
}

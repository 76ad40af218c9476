using System.Diagnostics;
using BenchmarkDotNet.Attributes;

namespace SafeLoop.Benchmarks;

/// <summary>What it costs to arm and to cancel an alarm among many others, beside the runtime's own timers.</summary>
[MemoryDiagnoser]
public class PacemakerArming
{
    private static readonly TimeSpan Due = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(40);

    private readonly Pacemaker _pacemaker = new(TimeProvider.System);
    private readonly List<Timer> _otherTimers = [];
    private readonly Silent _alarm = new();
    private readonly Timer _timer = new(static _ => { }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <summary>How many others are armed, over an hour from ten minutes on.</summary>
    [Params(1_000, 1_000_000)]
    public int Others { get; set; }

    [GlobalSetup(Targets = [nameof(Arm_and_cancel), nameof(Arm_again)])]
    public void ArmOthers()
    {
        for (var i = 0; i < Others; i++)
            _pacemaker.Arm(new Silent(), Timestamp(OtherDue(i)));
    }

    [GlobalSetup(Targets = [nameof(Timer_arm_and_cancel), nameof(Timer_arm_again)])]
    public void SetOtherTimers()
    {
        for (var i = 0; i < Others; i++)
            _otherTimers.Add(new Timer(static _ => { }, null, OtherDue(i), Timeout.InfiniteTimeSpan));
    }

    [GlobalCleanup]
    public void DisposeTimers() => _otherTimers.ForEach(timer => timer.Dispose());

    [Benchmark(Baseline = true)]
    public void Timer_arm_and_cancel()
    {
        _timer.Change(Due, Timeout.InfiniteTimeSpan);
        _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    [Benchmark]
    public bool Arm_and_cancel()
    {
        _pacemaker.Arm(_alarm, Timestamp(Due));
        return _pacemaker.Disarm(_alarm);
    }

    [Benchmark]
    public void Timer_arm_again()
    {
        _timer.Change(Due, Timeout.InfiniteTimeSpan);
        _timer.Change(Later, Timeout.InfiniteTimeSpan);
    }

    [Benchmark]
    public void Arm_again()
    {
        _pacemaker.Arm(_alarm, Timestamp(Due));
        _pacemaker.Arm(_alarm, Timestamp(Later));
    }

    private static long Timestamp(TimeSpan due) => Stopwatch.GetTimestamp() + (long)(due.TotalSeconds * Stopwatch.Frequency);

    private TimeSpan OtherDue(int i) => TimeSpan.FromMinutes(10) + (TimeSpan.FromHours(1) * ((double)i / Others));

    private sealed class Silent : Alarm
    {
        protected internal override void Ring()
        {
        }
    }
}

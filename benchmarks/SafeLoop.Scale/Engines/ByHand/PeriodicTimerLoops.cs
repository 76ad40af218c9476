using System.Diagnostics;
using SafeLoop.Scale.Measuring;

namespace SafeLoop.Scale.Engines.ByHand;

/// <summary>
/// The loop most people write in a background service: a <see cref="PeriodicTimer"/> each, the
/// stopping token, a <c>try</c> round the work.
/// </summary>
internal sealed class PeriodicTimerLoops(Load load) : IEngine
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly long _period = Ticks.Of(load.Period);
    private long[] _due = [];   // beside the loops: knowing how late it is should not be on a loop's bill

    public Task StartAsync()
    {
        _due = new long[load.Loops];
        return Task.CompletedTask;
    }

    public Task AddAsync()
    {
        for (var loop = 0; loop < load.Loops; loop++)
            _ = RunAsync(loop, _stopping.Token);
        return Task.CompletedTask;
    }

    private async Task RunAsync(int loop, CancellationToken stopping)
    {
        var first = load.FirstSlot(loop);
        using var timer = new PeriodicTimer(first);
        _due[loop] = Stopwatch.GetTimestamp() + Ticks.Of(first);
        await timer.WaitForNextTickAsync(stopping);
        Run(loop);
        timer.Period = load.Period;
        _due[loop] = Stopwatch.GetTimestamp() + _period; // the timer counts from here
        while (await timer.WaitForNextTickAsync(stopping))
        {
            Run(loop);
            _due[loop] += _period;
        }
    }

    private void Run(int loop)
    {
        try
        {
            Lateness.Note(_due[loop]);
        }
        catch (Exception error)
        {
            Console.Error.WriteLine(error);
        }
    }
}

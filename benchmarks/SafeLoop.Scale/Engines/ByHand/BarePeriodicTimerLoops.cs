using System.Diagnostics;
using SafeLoop.Scale.Measuring;

namespace SafeLoop.Scale.Engines.ByHand;

/// <summary>The least a loop can be: a <see cref="PeriodicTimer"/> each, no token, no <c>try</c>. Nothing can stop it.</summary>
internal sealed class BarePeriodicTimerLoops(Load load) : IEngine
{
    private readonly long _period = Ticks.Of(load.Period);
    private long[] _due = []; // beside the loops: to know how late it is is not a cost of the loop

    public Task StartAsync()
    {
        _due = new long[load.Loops];
        return Task.CompletedTask;
    }

    public Task AddAsync()
    {
        for (var loop = 0; loop < load.Loops; loop++)
            _ = RunAsync(loop);
        return Task.CompletedTask;
    }

    private async Task RunAsync(int loop)
    {
        var first = load.FirstSlot(loop);
        using var timer = new PeriodicTimer(first);
        _due[loop] = Stopwatch.GetTimestamp() + Ticks.Of(first);
        await timer.WaitForNextTickAsync();
        Lateness.Note(_due[loop]);
        timer.Period = load.Period;
        _due[loop] = Stopwatch.GetTimestamp() + _period; // the timer counts from here
        while (await timer.WaitForNextTickAsync())
        {
            Lateness.Note(_due[loop]);
            _due[loop] += _period;
        }
    }
}

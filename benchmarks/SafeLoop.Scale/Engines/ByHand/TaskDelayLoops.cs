using System.Diagnostics;
using SafeLoop.Scale.Measuring;

namespace SafeLoop.Scale.Engines.ByHand;

/// <summary>The other loop people write: <see cref="Task.Delay(TimeSpan, CancellationToken)"/> between runs.</summary>
internal sealed class TaskDelayLoops(Load load) : IEngine
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
        _due[loop] = Stopwatch.GetTimestamp() + Ticks.Of(first);
        await Task.Delay(first, stopping);
        while (!stopping.IsCancellationRequested)
        {
            Run(loop);
            _due[loop] = Stopwatch.GetTimestamp() + _period;
            await Task.Delay(load.Period, stopping);
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

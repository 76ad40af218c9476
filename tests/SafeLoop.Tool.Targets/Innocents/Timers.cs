namespace Targets.Innocents;

/// <summary>A timer that re-arms itself, and as many that wait as asked for.</summary>
internal sealed class Timers : ITarget
{
    private readonly List<ITimer> _timers = [];

    public Task RunAsync(Work work)
    {
        for (var i = 0; i < work.Count; i++)
            _timers.Add(TimeProvider.System.CreateTimer(_ => { }, null, TimeSpan.FromHours(1), Timeout.InfiniteTimeSpan));

        var left = work.Count;
        ITimer again = null!;
        again = TimeProvider.System.CreateTimer(_ =>
        {
            if (--left == 0)
                Work.Ready();
            else
                again.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timers.Add(again);
        again.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        return Task.CompletedTask;
    }
}

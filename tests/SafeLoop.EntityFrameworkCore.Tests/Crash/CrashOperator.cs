namespace SafeLoop.EntityFrameworkCore.Tests.Crash;

/// <summary>Pauses, resumes, changes and runs tasks by hand, as the plan says.</summary>
internal sealed class CrashOperator(
    CrashPlan plan, IRecurringTaskStore store, CrashClock clock, CrashLog log, IReadOnlyList<Replica> replicas)
{
    // Other hosts read a pause with their next heartbeat; one whose heartbeat failed, some seconds later.
    private static readonly TimeSpan ReachesAll = TimeSpan.FromSeconds(11);

    private (Task Sent, Life Of)? _pausing;
    private long? _pausedFrom;
    private readonly HashSet<double> _done = [];

    public async Task ActAsync(double elapsed)
    {
        if (IsTimeFor(plan.PauseAt, elapsed))
            await PauseAsync();
        NoteSent();
        if (elapsed >= plan.ResumeAt && _pausing is null && _done.Add(plan.ResumeAt))
            await ResumeAsync();
        if (IsTimeFor(plan.RunAt, elapsed))
            await SendAsync(new()
            {
                Id = Guid.NewGuid(),
                TaskName = plan.RunByHand,
                Kind = TaskCommandKind.RunNow,
                ExpiresAfter = TimeSpan.FromMinutes(5), // longer than all hosts are down
            });
        if (IsTimeFor(plan.ChangeAt, elapsed) && replicas[plan.ChangedBy] is { HasHost: true, IsAlive: true } changed)
            _ = changed.Host[CrashTasks.Interval].ChangeAsync(options => options.Timeout = TimeSpan.FromSeconds(30));
    }

    private bool IsTimeFor(double at, double elapsed) => elapsed >= at && _done.Add(at);

    private async Task PauseAsync()
    {
        if (plan.PauseBy >= 0 && replicas[plan.PauseBy] is { HasHost: true, IsAlive: true } replica)
        {
            _pausing = (replica.Host[plan.Paused].PauseAsync("release", "Ann"), replica.Life);
            return;
        }
        await SendAsync(new() { Id = Guid.NewGuid(), TaskName = plan.Paused, Kind = TaskCommandKind.Pause, Reason = "release" });
        if (log.Commands.Count > 0 && log.Commands[^1].Kind is TaskCommandKind.Pause)
            _pausedFrom = clock.Now;
    }

    private void NoteSent()
    {
        if (_pausing is not { } pausing)
            return;
        if (pausing.Sent.IsCompletedSuccessfully && !pausing.Of.IsDead)
            (_pausing, _pausedFrom) = (null, clock.Now);
        else if (pausing.Of.IsDead)
            _pausing = null; // whether the store has it is not known
    }

    private async Task ResumeAsync()
    {
        if (_pausedFrom is { } from)
            log.Pauses.Add((plan.Paused, from + Micros.Of(ReachesAll), clock.Now));
        await SendAsync(new() { Id = Guid.NewGuid(), TaskName = plan.Paused, Kind = TaskCommandKind.Resume });
    }

    private async Task SendAsync(TaskCommand command)
    {
        if (!await store.AddCommandAsync(command, default))
            return; // no host has stored the task yet
        if (plan.IsCommandRepeated)
            await store.AddCommandAsync(command, default);
        log.Commands.Add(command);
    }
}

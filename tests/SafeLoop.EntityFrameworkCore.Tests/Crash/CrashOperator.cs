namespace SafeLoop.EntityFrameworkCore.Tests.Crash;

/// <summary>Pauses, resumes, changes and runs tasks by hand, as the plan says.</summary>
internal sealed class CrashOperator(
    CrashPlan plan, IRecurringTaskStore store, CrashClock clock, CrashLog log, IReadOnlyList<Replica> replicas)
{
    // Other hosts read a pause with their next heartbeat; one whose heartbeat failed, some seconds later.
    private static readonly TimeSpan ReachesAll = TimeSpan.FromSeconds(11);

    private static readonly TimeSpan LongerThanAllAreDown = TimeSpan.FromMinutes(5);

    private (Task Sent, Life Of)? _pausing;
    private long? _pausedFrom;
    private readonly HashSet<double> _done = [];

    public async Task ActAsync(double elapsed)
    {
        if (IsTimeFor(plan.PauseAt, elapsed))
            await PauseAsync();
        NoteSent();
        if (plan.IsResumed && elapsed >= plan.ResumeAt && _pausing is null && _done.Add(plan.ResumeAt))
            await ResumeAsync();
        if (IsTimeFor(plan.RunAt, elapsed))
            await SendAsync(new()
            {
                Id = Guid.NewGuid(),
                TaskName = plan.RunByHand,
                Kind = TaskCommandKind.RunNow,
                ExpiresAfter = LongerThanAllAreDown,
            });
        if (IsTimeFor(plan.ChangeAt, elapsed))
            await ChangeAsync();
    }

    /// <summary>Ends the pause of a scenario that is over.</summary>
    public void NoteEnd()
    {
        if (_pausedFrom is { } from && log.Paused.Contains(plan.Paused))
            log.Pauses.Add((plan.Paused, from + Micros.Of(ReachesAll), clock.Now));
    }

    private async Task ChangeAsync()
    {
        if (plan.ChangedBy >= 0 && replicas[plan.ChangedBy] is { HasHost: true, IsAlive: true } changed)
            _ = changed.Host[CrashTasks.Interval].ChangeAsync(options => options.Timeout = CrashTasks.Changed);
        else
            log.IsChanged |= await SendAsync(new()
            {
                Id = Guid.NewGuid(),
                TaskName = CrashTasks.Interval,
                Kind = TaskCommandKind.Change,
                Options = $$"""{ "Timeout": "{{CrashTasks.Changed:c}}" }""",
                ExpiresAfter = LongerThanAllAreDown, // a host stores it, because this sender does not have the task
            });
    }

    private bool IsTimeFor(double at, double elapsed) => elapsed >= at && _done.Add(at);

    private async Task PauseAsync()
    {
        if (plan.PauseBy >= 0 && replicas[plan.PauseBy] is { HasHost: true, IsAlive: true } replica)
        {
            _pausing = (replica.Host[plan.Paused].PauseAsync("release", "Ann"), replica.Life);
            log.Unconfirmed.Add(plan.Paused); // until it returns
            return;
        }
        if (await SendAsync(
            new() { Id = Guid.NewGuid(), TaskName = plan.Paused, Kind = TaskCommandKind.Pause, Reason = "release" }))
            NotePaused();
    }

    private void NoteSent()
    {
        if (_pausing is not { } pausing)
            return;
        if (pausing.Sent.IsCompletedSuccessfully && !pausing.Of.IsDead)
            NotePaused();
        else if (pausing.Of.IsDead)
            _pausing = null; // whether the store has it is not known
    }

    private void NotePaused()
    {
        (_pausing, _pausedFrom) = (null, clock.Now);
        log.Unconfirmed.Remove(plan.Paused);
        log.Paused.Add(plan.Paused);
    }

    private async Task ResumeAsync()
    {
        if (_pausedFrom is { } from)
            log.Pauses.Add((plan.Paused, from + Micros.Of(ReachesAll), clock.Now));
        if (!await SendAsync(new() { Id = Guid.NewGuid(), TaskName = plan.Paused, Kind = TaskCommandKind.Resume }))
            return;
        log.Unconfirmed.Remove(plan.Paused);
        log.Paused.Remove(plan.Paused);
    }

    /// <returns>False: no host has stored the task yet.</returns>
    private async Task<bool> SendAsync(TaskCommand command)
    {
        if (!await store.AddCommandAsync(command, default))
            return false;
        if (plan.IsCommandRepeated)
            await store.AddCommandAsync(command, default);
        log.Commands.Add(command);
        return true;
    }
}

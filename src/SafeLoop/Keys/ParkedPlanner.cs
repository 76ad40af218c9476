namespace SafeLoop;

/// <summary>Plans parked loops where they lie, without waking them.</summary>
internal sealed class ParkedPlanner
{
    private readonly Lock _gate = new();
    private readonly KeyedLoops _all;
    private readonly LoopLog _log;
    private readonly LoopSchedule _schedule;

    public ParkedPlanner(KeyedLoops all, LoopEnvironment environment)
    {
        _all = all;
        _log = new LoopLog(all.Task.Name, 1, environment.Observers, all.Records);
        _schedule = new LoopSchedule(
            all.Task,
            _log,
            new LoopWait(environment.Pacemaker),
            environment.Random,
            environment.Observers,
            all.Clock);
    }

    /// <param name="loop">Which loop; its lock is held.</param>
    /// <param name="plannedBy">The definition by which it was planned so far.</param>
    /// <param name="isResumed">True: an operator has resumed it, which ends a wait for the wall clock.</param>
    /// <returns>The timestamp at which to look again.</returns>
    public long Plan(KeyedLoop loop, RecurringTask plannedBy, bool isResumed = false)
    {
        lock (_gate)
        {
            (_log.Keyed, _log.History.Memory) = (loop, loop.Memory);
            var task = loop.Task;
            var isPaused = (loop.Memory.ParkedAs & ParkedAs.Paused) != 0;
            if (plannedBy != task && !isPaused)
                _log.History.ConsecutiveFailures = 0;
            _schedule.TurnTo(plannedBy, _all.Clock);
            if (isResumed)
                _schedule.EndWaitForClock();

            var now = _schedule.Clock.Read();
            var hasCome = plannedBy != task && _schedule.TryHasten(now.Now); // and is met before the loop goes on by another definition
            if (plannedBy != task && !hasCome)
                _schedule.Change(task, _all.Clock);
            var look = hasCome ? LoopSchedule.AtOnce : _schedule.Plan(ref now, running: 0);
            if (_schedule.Next.Exists) // else the loop ends, in a runner, which finds so again
            {
                _schedule.Leave(isPaused);
                loop.Memory = _log.History.Memory;
            }
            _log.Keyed = null;
            return look is LoopSchedule.AtOnce ? now.Timestamp : look;
        }
    }

    /// <summary>The coming slots of a loop, which stays as it is.</summary>
    public IReadOnlyList<UpcomingSlot> Foresee(KeyedLoop loop, int count)
    {
        var key = KeyLook.At(loop);
        if (key.End is not null)
            return [];
        if (key.Runner is not null)
            return key.Runner.Schedule.Foresee(count);
        lock (_gate)
        {
            _log.TurnTo(loop, key.Memory);
            _schedule.TurnTo(loop.Task, _all.Clock);
            var slots = _schedule.Foresee(count);
            _log.Keyed = null;
            return slots;
        }
    }
}

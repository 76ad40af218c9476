namespace SafeLoop;

/// <summary>Plans parked loops where they lie, without waking them.</summary>
/// <remarks>
/// Thread-safe. Callers rent the one desk. While it is rented, perhaps because a policy blocks, others get a new one.
/// </remarks>
internal sealed class ParkedPlanner(KeyedLoops all, LoopEnvironment environment)
{
    private Desk? _free = new(all, environment);

    /// <param name="loop">The loop.</param>
    /// <param name="memory">What it remembers. When this returns, it contains the plan.</param>
    /// <param name="plannedBy">The definition by which it was planned so far.</param>
    /// <param name="isResumed">True when it was resumed, which ends a wait for the wall clock.</param>
    /// <returns>The timestamp at which to wake the loop.</returns>
    public long Plan(KeyedLoop loop, ref LoopMemory memory, RecurringTask plannedBy, bool isResumed = false)
    {
        var desk = Rent();
        var look = desk.Plan(loop, ref memory, plannedBy, isResumed);
        Return(desk);
        return look;
    }

    /// <summary>Records the slots that have come of a loop that has ended while it was parked.</summary>
    public void DropDueSlots(KeyedLoop loop, OutcomeReason reason, Instant now, bool paused)
    {
        var desk = Rent();
        desk.DropDueSlots(loop, reason, now, paused);
        Return(desk);
    }

    /// <summary>The next slots of a loop, which stays parked.</summary>
    public IReadOnlyList<UpcomingSlot> Foresee(KeyedLoop loop, int count)
    {
        var key = KeyLook.At(loop);
        if (key.End is not null)
            return [];
        if (key.Runner is not null)
            return key.Runner.Schedule.Foresee(count);
        var desk = Rent();
        var slots = desk.Foresee(loop, key.Memory, count);
        Return(desk);
        return slots;
    }

    private Desk Rent() => Interlocked.Exchange(ref _free, null) ?? new(all, environment);

    private void Return(Desk desk) => Volatile.Write(ref _free, desk);

    private sealed class Desk
    {
        private readonly KeyedLoops _all;
        private readonly LoopLog _log;
        private readonly LoopSchedule _schedule;

        public Desk(KeyedLoops all, LoopEnvironment environment)
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

        public long Plan(KeyedLoop loop, ref LoopMemory memory, RecurringTask plannedBy, bool isResumed)
        {
            (_log.Keyed, _log.History.Memory) = (loop, memory);
            var task = loop.Task;
            var isPaused = (memory.ParkedAs & ParkedAs.Paused) != 0;
            if (plannedBy != task && !isPaused)
                _log.History.ConsecutiveFailures = 0;
            _schedule.TurnTo(plannedBy, _all.Clock);
            _schedule.Invalidate();
            if (isResumed)
                _schedule.EndWaitForClock();

            var now = _schedule.Clock.Read();
            var hasCome = plannedBy != task && _schedule.TryHasten(now.Now); // and is met before the loop goes on by another definition
            if (plannedBy != task && !hasCome)
                _schedule.Change(task, _all.Clock);
            var look = hasCome ? LoopSchedule.AtOnce : _schedule.Plan(ref now, running: 0);
            if (_schedule.Next.Exists)
            {
                _schedule.Leave(isPaused);
                memory = _log.History.Memory;
            }
            else if (memory.ParkedAs is not ParkedAs.New) // which is planned in any case
            {
                memory.ParkedAs |= ParkedAs.Over;
            }
            _log.Keyed = null;
            return look is LoopSchedule.AtOnce ? now.Timestamp : look;
        }

        public void DropDueSlots(KeyedLoop loop, OutcomeReason reason, Instant now, bool paused)
        {
            _log.TurnTo(loop, loop.Memory);
            _schedule.TurnTo(loop.Task, _all.Clock);
            new RunQueue(_schedule, _log).DropDueSlots(reason, now, paused);
            _log.Keyed = null;
        }

        public IReadOnlyList<UpcomingSlot> Foresee(KeyedLoop loop, in LoopMemory memory, int count)
        {
            _log.TurnTo(loop, memory);
            _schedule.TurnTo(loop.Task, _all.Clock);
            var slots = _schedule.Foresee(count);
            _log.Keyed = null;
            return slots;
        }
    }
}

namespace SafeLoop;

/// <summary>
/// Plans the next slot of a loop: its delay policy, what a step chose, back-off, exclusions, bounds and jitter.
/// </summary>
/// <remarks>
/// Stateless: everything is in the <see cref="LoopState"/>. A plan is made once per event of the loop and stored there.
/// </remarks>
internal static class Planner
{
    private static readonly TimeSpan AfterBrokenPolicy = TimeSpan.FromMinutes(1);

    // The distance from a run by hand to the next slot of the schedule. It leaves room for further runs by hand.
    private static readonly TimeSpan ManualSlotMargin = TimeSpan.FromMilliseconds(1);

    /// <summary>Begins the schedule now.</summary>
    public static void Begin(ref LoopState state, in PlanContext context)
    {
        if (context.Clock.IsBehind(state.Slot))
            state.Slot = Instant.None;
        var now = context.Clock.Now;
        state.Begin(now, context.Rules.PlannedFrom(now, context.StartAt, context.Phase));
    }

    /// <summary>Lets the schedule go on after a slot that was claimed or recorded in the store.</summary>
    public static void GoOnAfter(ref LoopState state, in PlanContext context, Instant last)
    {
        (state.Slot, state.Planned) = (last, last);
        if (context.StartAt is not { } start || start <= last)
            state.From = context.Rules.PlannedAfter(last, context.Phase);
        state.IsPlanned = false;
    }

    /// <summary>
    /// Begins the schedule of another definition now, as if the loop had just started. Keeps what has happened.
    /// </summary>
    public static void BeginWith(ref LoopState state, in PlanContext context)
    {
        var now = Instant.Max(context.Clock.Now, LastManualSlot(context).JustAfter);
        state.Begin(now, context.Rules.PlannedFrom(now, context.StartAt, context.Phase));
    }

    /// <summary>Begins the schedule of new options now. An unchanged schedule continues.</summary>
    /// <param name="state">The loop's state.</param>
    /// <param name="before">The previous options.</param>
    /// <param name="context">The loop, with its new definition and clock.</param>
    public static void Change(ref LoopState state, RecurringTaskOptions before, in PlanContext context)
    {
        state.IsPlanned = false;
        if (before.HasScheduleOf(context.Options))
            return;

        var (rules, startAt, phase) = (context.Rules, context.StartAt, context.Phase);
        // A loop that still waits for its start continues to wait. No loop waits for StartAfter a second time.
        var now = Instant.Max(context.Clock.Now, LastManualSlot(context).JustAfter);
        var first = state.Planned.IsNone ? rules.PlannedFrom(state.Began, startAt, phase) : Instant.None;
        state.From = first > now ? first : rules.PlannedAnew(before, state.From, now, startAt, phase);
        state.ClearPlan(); // it belongs to the old schedule
    }

    /// <summary>Plans the next slot. Draws its jitter and back-off, so it must be called once per event of the loop.</summary>
    /// <returns>What is wrong with the policy's result, to follow "the delay policy"; null when it is valid.</returns>
    public static string? Plan(ref LoopState state, in PlanContext context, Instant now)
    {
        var rules = context.Rules;
        using var call = context.EnterPolicy();
        if (context.Clock.IsWallClock)
            ClockSetBack.Apply(ref state, context, now);
        var isFirst = state.Planned.IsNone;
        if (isFirst && context.StartAt is { } startAt)
            state.From = rules.PlannedFrom(state.Began, startAt, context.Phase); // the wall clock may have been set since

        (state.IsWithheld, state.IsPlanned) = (false, true);
        if (state.IsChosen)
        {
            PlanChosen(ref state, context);
            return null;
        }

        string? mistake = null;
        var (before, runsAtStart) = (LoopPlan.Next(state, context.Task, context.Clock), isFirst && context.Options.RunOnStart);
        var slot = runsAtStart
            ? rules.StartSlot(state.Began, context.StartAt, context.Phase)
            : AfterBackOff(CallPolicy(ref state, context, now, before, out mistake), state, context);
        slot = Allowed(slot, onGrid: !runsAtStart, context);
        var next = MoveWithinBounds(new(slot, DueOf(slot, before, context), IsBySchedule: !runsAtStart), state, context);
        (state.NextSlot, state.NextDue, state.IsBySchedule) = (next.Slot, next.Due, next.IsBySchedule);
        return mistake;
    }

    /// <summary>Sets the next slot that a step chose. An instant that has passed means now, and the run is not late.</summary>
    public static void Choose(ref LoopState state, in PlanContext context, ChosenSlot chosen, Instant ended)
    {
        // An instant that is later than the end on the loop's clock, but has passed on the wall clock, was computed from the
        // iteration's times. Those are times of the loop's clock. To run at once would make the loop spin.
        if (chosen.Instant is { } instant && context.Clock.FromWall(instant) <= ended)
            chosen = new(instant > ended ? instant - ended : TimeSpan.Zero, null);
        state.ClearPlan();
        (state.IsChosen, state.IsOnWall) = (true, chosen.Instant is not null);
        state.NextSlot = chosen.Instant is { } wall ? wall : ended + chosen.Delay!.Value;
    }

    /// <summary>Makes a slot that was taken but did not start, and all after it, due again.</summary>
    /// <param name="state">The loop's state.</param>
    /// <param name="slot">The slot.</param>
    /// <param name="isChosen">True when a step selected it, or it is the start.</param>
    public static void Return(ref LoopState state, Instant slot, bool isChosen)
    {
        state.ClearPlan();
        state.Slot = new(slot.UtcTicks - 1);
        if (!isChosen)
            state.Planned = state.Slot;
        (state.NextSlot, state.NextDue) = (slot, slot);
        (state.IsPlanned, state.IsBySchedule, state.IsChosen) = (true, !isChosen, isChosen);
    }

    /// <summary>Makes all slots after an earlier one due again, which were taken but did not start.</summary>
    public static void GoBackTo(ref LoopState state, Instant slot)
    {
        state.ClearPlan();
        (state.Slot, state.Planned) = (slot, slot);
    }

    /// <summary>Invalidates the next slot, because it depends on a running iteration. A slot that a step chose stays.</summary>
    public static void Withhold(ref LoopState state)
    {
        if (!state.IsChosen)
            state.ClearPlan();
        (state.IsWithheld, state.IsPlanned) = (true, false);
    }

    /// <summary>
    /// Makes a slot due whose time has come but whose jitter has not passed. A schedule that begins now would lose it.
    /// </summary>
    /// <returns>False when the next slot is in the future.</returns>
    public static bool TryMakeDue(ref LoopState state, RecurringTask task, LoopClock clock, Instant now)
    {
        var next = LoopPlan.Next(state, task, clock);
        if (next.Slot > now)
            return false;
        if (next.Due > now)
            (state.NextSlot, state.NextDue, state.IsOnWall) = (next.Slot, now, false);
        return true;
    }

    /// <summary>Takes the slots that are due. The next ones come after them.</summary>
    /// <param name="state">The loop's state.</param>
    /// <param name="context">The loop.</param>
    /// <param name="now">The loop's clock.</param>
    /// <param name="first">The first of the slots.</param>
    /// <param name="due">How many there are, and the last of them.</param>
    /// <returns>False when none is due.</returns>
    public static bool TryTakeDue(
        ref LoopState state, in PlanContext context, Instant now, out PlannedSlot first, out DueSlots due)
    {
        first = LoopPlan.Next(state, context.Task, context.Clock);
        if (first.Due > now)
        {
            due = default;
            return false;
        }

        due = context.Rules.CountDue(first, now, context.EndAt, context.WallShift);
        state.Slot = due.Latest;
        if (first.IsBySchedule || state.Planned.IsNone)
            state.Planned = due.Latest;
        state.ClearPlan();
        return true;
    }

    /// <summary>
    /// Takes a slot for a run by hand: the present, or the nearest instant after the last slot and before the next slot of the
    /// schedule.
    /// </summary>
    /// <returns><see cref="Instant.None"/> when there is no room between the two.</returns>
    public static Instant TakeManualSlot(ref LoopState state, in PlanContext context, Instant now)
    {
        var next = LoopPlan.Next(state, context.Task, context.Clock);
        var earliest = Instant.Max(state.Slot, LastManualSlot(context)).JustAfter;
        var slot = Instant.Max(earliest, Instant.Min(now, next.Slot - ManualSlotMargin));
        if (slot < next.Slot)
            return slot;

        // The first slot of a schedule may move by a tick. Later slots are fixed.
        if (next.IsBySchedule && context.Rules.HasKnownSlots && !state.Planned.IsNone)
            return Instant.None;
        (state.NextSlot, state.IsOnWall) = (slot.JustAfter, false);
        return slot;
    }

    /// <summary>The slot of the last run by hand; none when it was before the wall clock was set back.</summary>
    public static Instant LastManualSlot(in PlanContext context) =>
        context.Clock.IsBehind(context.LastManualSlot) ? Instant.None : context.LastManualSlot;

    // A slot that a step chose keeps the jitter that was drawn for it.
    private static void PlanChosen(ref LoopState state, in PlanContext context)
    {
        var before = LoopPlan.Next(state, context.Task, context.Clock);
        var chosen = state.IsOnWall ? context.Clock.FromWall(state.NextSlot) : before.Slot;
        var slot = Allowed(chosen, onGrid: false, context);
        var due = DueOf(slot, before.Due.IsNever ? PlannedSlot.None : before, context);
        var next = MoveWithinBounds(new(slot, due, IsBySchedule: false), state, context);
        if (!next.Exists)
        {
            state.ClearPlan();
            state.IsPlanned = true;
            return;
        }
        state.NextSlot = state.IsOnWall ? state.NextSlot + (slot - chosen) : next.Slot;
        state.NextDue = next.Due;
    }

    // Moves a slot after the last slot and the last run by hand. Drops it when it is after the end.
    private static PlannedSlot MoveWithinBounds(PlannedSlot next, in LoopState state, in PlanContext context)
    {
        // Only the slot moves, not its due time: a continuous loop then runs at once even if the clock has not ticked since.
        if (next.Slot <= state.Slot)
            next = next with { Slot = state.Slot.JustAfter };
        if (next.Slot <= context.LastManualSlot && LastManualSlot(context) is { IsNone: false } taken)
            next = MoveAfter(taken, next, context);
        return next.Slot > context.EndAt ? PlannedSlot.None : next;
    }

    // A slot of a grid moves to the next slot of the grid, any other by one tick.
    private static PlannedSlot MoveAfter(Instant taken, in PlannedSlot next, in PlanContext context)
    {
        if (!next.IsBySchedule || context.Rules.AllowedAtOrAfter(next.Slot, taken.JustAfter, context.WallShift) is not { } slot)
            return next with { Slot = taken.JustAfter };
        return new(slot, DueOf(slot, next, context), IsBySchedule: true);
    }

    private static Instant CallPolicy(
        ref LoopState state, in PlanContext context, Instant now, in PlannedSlot before, out string? mistake)
    {
        Exception? thrown = null;
        var wasBroken = state.IsPolicyBroken;
        try
        {
            var next = context.Rules.CallSchedule(state, now);

            // Invariant: next > previous. A policy that breaks it would make the loop spin.
            if (next > state.Slot || next > now || context.Rules.IsInterval || state.Slot.IsNone)
            {
                (mistake, state.IsPolicyBroken) = (null, false);
                return NotBeforeStart(next, state, context);
            }
            mistake = $"returned {next}, which is not after the last slot {state.Slot}";
        }
        catch (Exception error) // a policy is user code and must not end the loop
        {
            (mistake, thrown) = ($"threw {error.GetType().Name}", error);
        }

        state.IsPolicyBroken = true;
        var until = Instant.Max(now, state.Slot) + AfterBrokenPolicy;
        if (wasBroken && before.Slot <= until)
            return before.Slot; // already reported; later events do not postpone the next call
        context.Fault(
            FaultKind.DelayPolicyBroken, $"The delay policy {mistake}; the loop goes on in {AfterBrokenPolicy}.", thrown);
        return NotBeforeStart(until, state, context);
    }

    // A user's policy may ignore when the schedule starts.
    private static Instant NotBeforeStart(Instant slot, in LoopState state, in PlanContext context) =>
        slot < state.From && (context.Options.StartAt is not null || context.Options.StartAfter > TimeSpan.Zero)
            ? state.From
            : slot;

    private static Instant AfterBackOff(Instant slot, in LoopState state, in PlanContext context)
    {
        if (state.ConsecutiveFailures == 0 || context.Options.BackOff.Initial is null || state.Ended.IsNone || slot.IsNever)
            return slot;

        var floor = state.Ended + BackOff.After(state.ConsecutiveFailures, context.Options, context.Random);
        return floor <= slot ? slot : context.Rules.AtOrAfter(slot, floor);
    }

    private static Instant Allowed(Instant slot, bool onGrid, in PlanContext context)
    {
        if (!context.Rules.HasExclusions)
            return slot;
        var allowed = context.Rules.Allowed(slot, onGrid, context.WallShift);
        if (context.Rules.TakeFailure() is { } error)
            context.Fault(FaultKind.ExclusionThrew, "An exclusion threw; the day it was called for is not excluded.", error);
        return allowed;
    }

    // The same slot keeps its jitter.
    private static Instant DueOf(Instant slot, in PlannedSlot before, in PlanContext context) =>
        !context.Rules.IsDelayed ? slot
        : before.Slot == slot ? before.Due
        : slot + context.Rules.DrawDelay(slot, context.Options.Cron is null ? 0 : context.Phase, context.Random);
}

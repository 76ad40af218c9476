namespace SafeLoop.EntityFrameworkCore.Tests.Crash;

/// <summary>Checks what is in the database at the end of a scenario.</summary>
internal sealed class CrashJudge(CrashLog log, CrashFacts facts)
{
    // SQLite's clock has milliseconds, and time passes faster.
    private static readonly TimeSpan ClockError = TimeSpan.FromMilliseconds(100);

    private readonly List<string> _violations = [];

    /// <summary>How many remembered slots were judged.</summary>
    public long Slots { get; private set; }

    public IReadOnlyList<string> Judge()
    {
        _violations.AddRange(log.Failures);
        foreach (var (task, period) in CrashTasks.Periods)
        {
            JudgeSlots(task, Micros.Of(period));
            JudgeSteps(task);
            JudgeCounts(task);
        }
        JudgePauses();
        JudgeConfirmedPauses();
        JudgeCommands();
        _violations.AddRange(new StateJudge(log, facts).Judge());
        JudgeInstances();
        return _violations;
    }

    // Each slot has one outcome, in order, and none is missing.
    private void JudgeSlots(string task, long period)
    {
        if (!log.FirstSlots.TryGetValue(task, out var next))
        {
            _violations.Add($"{task}: the store knew no slot");
            return;
        }
        if (facts.SlotsOf(task).FirstOrDefault() is { } before)
            next = Math.Min(next, before.FirstSlot ?? before.Slot); // another came before the log was written
        foreach (var row in facts.SlotsOf(task))
        {
            var first = row.FirstSlot ?? row.Slot;
            // Real processes are killed at the end, too, with claims of later slots.
            if (first < next || (first > next && (next < log.End || !log.IsRealTime)))
                _violations.Add(first > next ? $"{task}: no outcome of {CrashFacts.Time(next)}"
                    : $"{task}: two outcomes of {CrashFacts.Time(first)}");
            if (row.Slot != first + ((SlotsOf(row) - 1) * period))
                _violations.Add($"{task}: {SlotsOf(row)} slots from {CrashFacts.Time(first)} to {CrashFacts.Time(row.Slot)}");
            next = Math.Max(next, row.Slot + period);
            Slots += SlotsOf(row);
        }
        if (next < log.End)
            _violations.Add($"{task}: no outcome of {CrashFacts.Time(next)}, the next slot");
    }

    // A slot starts once, its effect is accepted once, and the outcome says so.
    private void JudgeSteps(string task)
    {
        foreach (var again in facts.StepsOf(task, StepKind.Begun).CountBy(step => step.Slot).Where(slot => slot.Value > 1))
            _violations.Add($"{task}: the steps of {CrashFacts.Time(again.Key)} began {again.Value} times");
        var accepted = facts.StepsOf(task, StepKind.Accepted).CountBy(step => step.Slot).ToDictionary();
        foreach (var (slot, _) in accepted.Where(slot => slot.Value > 1))
            _violations.Add($"{task}: two effects of {CrashFacts.Time(slot)} were accepted");
        var began = facts.StepsOf(task, StepKind.Begun).ToLookup(step => step.Slot);
        foreach (var row in facts.SlotsOf(task))
        {
            if (row.Outcome is IterationOutcome.Succeeded && !accepted.ContainsKey(row.Slot))
                _violations.Add($"{task}: {CrashFacts.Time(row.Slot)} succeeded without an effect");
            if (row.Outcome is IterationOutcome.Skipped && Enumerable.Range(0, (int)SlotsOf(row))
                .Any(back => began.Contains(row.Slot - (back * Micros.Of(CrashTasks.Periods[task])))))
                _violations.Add($"{task}: {CrashFacts.Time(row.Slot)} was skipped and began");
            if (row.Reason is OutcomeReason.HostLost && !log.IsRealTime
                && began[row.Slot].Any(step => !log.Killed.Contains(step.Life)))
                _violations.Add($"{task}: the host of {CrashFacts.Time(row.Slot)} was not killed");
        }
    }

    // Counts and totals are those of the history. A success by hand becomes a row when its minute is over.
    private void JudgeCounts(string task)
    {
        var byHand = facts.StepsOf(task, StepKind.BegunByHand).Count();
        var succeeded = facts.History.Where(row => row is { IsManual: true, Outcome: IterationOutcome.Succeeded }
            && facts.Tasks[row.TaskId] == task).Sum(SlotsOf);
        if (succeeded > byHand)
            _violations.Add($"{task}: {succeeded} runs by hand have succeeded, and {byHand} began");
        if (facts.Loops.SingleOrDefault(loop => facts.Tasks[loop.TaskId] == task) is not { } loop)
            return;
        foreach (var (outcome, counted) in CountsOf(loop))
        {
            var rows = facts.History.Where(row => facts.Tasks[row.TaskId] == task && row.Outcome == outcome
                && (row.IsManual is not true || outcome is not IterationOutcome.Succeeded)).Sum(SlotsOf);
            var total = facts.Totals.Where(t => t.TaskId == loop.TaskId && t.Outcome == outcome).Sum(t => t.Slots);
            if (counted < rows || counted > rows + byHand)
                _violations.Add($"{task}: the loop counts {counted} {outcome}, and the history has {rows}");
            if (total < rows || total > rows + byHand)
                _violations.Add($"{task}: the totals have {total} {outcome}, and the history has {rows}");
        }
    }

    private void JudgePauses()
    {
        foreach (var (task, from, to) in log.Pauses)
        {
            foreach (var step in facts.StepsOf(task, StepKind.Begun).Where(step => step.At > from && step.At < to))
                _violations.Add($"{task}: {CrashFacts.Time(step.Slot)} ran while it was paused");
        }
    }

    // A host is paused from its result on, or from its start where that is later. Judged are slots that came due after that.
    private void JudgeConfirmedPauses()
    {
        foreach (var pause in log.ConfirmedPauses)
        {
            foreach (var step in facts.StepsOf(pause.Task, StepKind.Begun).Where(step => step.At < pause.To))
            {
                var instances = facts.Instances.Where(row => row.ProcessId == log.ProcessIds[step.Life]).ToArray();
                var isPaused = instances.Length > 0 && instances.Min(row => row.Started) > pause.From;
                var pausedAt = facts.Results.Where(row => row.CommandId == pause.Command
                    && instances.Any(instance => instance.Id == row.Instance)).Min(row => (long?)row.Ended);
                if (isPaused || step.Slot > pausedAt + Micros.Of(ClockError))
                    _violations.Add($"{pause.Task}: {CrashFacts.Time(step.Slot)} ran in process {step.Life}, which was paused");
            }
        }
    }

    // No confirmed command is lost, and none is executed twice.
    private void JudgeCommands()
    {
        foreach (var command in log.Commands)
        {
            var row = facts.Commands.SingleOrDefault(row => row.Id == command.Id);
            if (row is null)
                _violations.Add($"{command.TaskName}: the command {command.Kind} is lost");
            else if (command.Kind is TaskCommandKind.RunNow && row.Completed is null)
                _violations.Add($"{command.TaskName}: the run by hand has no result");
        }
        foreach (var task in CrashTasks.Periods.Keys)
        {
            var runs = facts.StepsOf(task, StepKind.BegunByHand).Count();
            if (runs > log.Commands.Count(command => command.TaskName == task && command.Kind is TaskCommandKind.RunNow))
                _violations.Add($"{task}: ran by hand {runs} times");
        }
    }

    // A process that was killed is lost, and no other one.
    private void JudgeInstances()
    {
        var lost = facts.Instances.Count(row => row.State is InstanceState.Lost);
        var running = facts.Instances.Count(row => row.State is InstanceState.Running);
        if (!log.IsRealTime && lost > log.Killed.Count)
            _violations.Add($"instances: {lost} were taken for lost, and {log.Killed.Count} were killed");
        if (!log.IsRealTime && running != log.Running)
            _violations.Add($"instances: {running} are in the store, and {log.Running} are running");
        foreach (var claim in facts.Claims.Where(claim => claim.Slot < log.End))
            _violations.Add($"{facts.Tasks[claim.TaskId]}: {CrashFacts.Time(claim.Slot)} is claimed for ever");
    }

    private static long SlotsOf(HistoryRow row) => row.Slots ?? 1;

    private static IEnumerable<(IterationOutcome Outcome, long Count)> CountsOf(LoopRow loop) =>
    [
        (IterationOutcome.Succeeded, loop.Succeeded), (IterationOutcome.Failed, loop.Failed),
        (IterationOutcome.TimedOut, loop.TimedOut), (IterationOutcome.Interrupted, loop.Interrupted),
        (IterationOutcome.Skipped, loop.Skipped),
    ];
}

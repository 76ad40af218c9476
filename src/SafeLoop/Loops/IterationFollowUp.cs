namespace SafeLoop;

/// <summary>Records how an iteration ended, completes its run by hand, and applies the failure policies.</summary>
/// <remarks>The loop calls it. For a stuck iteration another thread does, because the loop's thread may be blocked.</remarks>
internal sealed class IterationFollowUp(LoopControl control, LoopSchedule schedule, LoopLog log, LoopEnvironment environment)
{
    /// <summary>Called when an iteration has ended.</summary>
    public void OnIterationEnded(RunningIteration iteration)
    {
        if (iteration.End.EndsLoop is { } end)
            control.Stop(new(end, OutcomeReason.None, iteration.End.EndReason));
        if (iteration.IsReturned)
            return;
        if (!iteration.IsStuck)
        {
            Record(iteration, iteration.End, iteration.Ended);
            return;
        }
        log.OnStuckIterationEnded(iteration.Ended.Now); // recorded when it was reported as stuck
        Publish(iteration, LoopEventKind.IterationUnstuck, iteration.End.Exception);
        var record = iteration.ToRecord(iteration.Runner.EndWhenStuck, iteration.Age);
        LoopTracing.End(environment.Observers, iteration.Iteration, record, iteration.End.Exception);
    }

    /// <summary>Records a stuck iteration: its slot needs an outcome, and its run by hand a result.</summary>
    public void RecordStuck(RunningIteration iteration)
    {
        log.OnStuckIterationBegan();
        Record(iteration, iteration.Runner.EndWhenStuck, schedule.Clock.Read());
        Publish(iteration, LoopEventKind.IterationStuck);
        iteration.Runner.CallHandlersWhenStuck();
    }

    private void Record(RunningIteration iteration, IterationEnd end, LoopMoment ended)
    {
        var record = iteration.ToRecord(end, environment.Time.GetElapsedTime(iteration.Started.Timestamp, ended.Timestamp));
        if (end.Outcome is IterationOutcome.Succeeded)
            log.SucceededAt = ended.Timestamp;
        var span = iteration.Iteration.Span;
        LoopTracing.Enter(span);
        var options = control.Task.Options;
        var isComplete = schedule.Iterations >= options.StopAfter;
        var consequence = end.IsFailure
            ? FailureRule.After(
                log.State.ConsecutiveFailures + 1, options, isLast: isComplete || control.StopRequest is not null)
            : FailureConsequence.None;
        var token = end.Holder.FencingToken is > 0 and var held ? held : iteration.Iteration.FencingToken;
        var traceId = end.Outcome is IterationOutcome.Succeeded ? null : LoopTracing.FindTraceId(span);
        log.Add(record, end.Exception, consequence: consequence, fencingToken: token, traceId: traceId);
        if (options.PingAfter is { } address)
            environment.Pings?.SendEnd(log, control.Task.Name, address, end.Outcome);
        if (!iteration.IsStuck)
            LoopTracing.End(environment.Observers, iteration.Iteration, record, end.Exception);
        LoopTracing.Leave(span);
        iteration.Request.Manual?.Complete(record);

        if (isComplete)
            control.Stop(new(LoopEnd.Completed, OutcomeReason.None, $"{schedule.Iterations:N0} iterations have run."));
        if (end.IsFailure)
            ApplyFailurePolicies(log.State.ConsecutiveFailures, options);
    }

    private void ApplyFailurePolicies(int failures, RecurringTaskOptions options)
    {
        var text = failures == 1 ? "1 failure." : $"{failures} failures in a row.";
        switch (FailureRule.After(failures, options))
        {
            case FailureConsequence.Pause when control.PauseReason is null:
                control.PauseAfterFailures(text);
                break;
            case FailureConsequence.StopLoop:
                control.Stop(new(LoopEnd.Failures, OutcomeReason.None, text));
                break;
            case FailureConsequence.StopHost:
                // First, so that the loop ends with this reason and not with that of the stopping host.
                control.Stop(new(LoopEnd.Failures, OutcomeReason.None, text) { StopsHost = true });
                StopHost();
                break;
        }
    }

    private void StopHost()
    {
        using var call = environment.Observers.Calls.Enter("what listens to the host's stop", control.Task.Name);
        try
        {
            environment.StopHost();
        }
        catch (Exception error) // the host's lifetime may be disposed already; the loop ends in any case
        {
            environment.Observers.Fault(
                FaultKind.HostStopFailed, control.Task.Name, "SafeLoop could not stop the host.", error, log.Keyed);
        }
    }

    private void Publish(RunningIteration iteration, LoopEventKind kind, Exception? exception = null)
    {
        LoopTracing.Enter(iteration.Iteration.Span);
        environment.Observers.Publish(new()
        {
            Kind = kind,
            TaskName = iteration.Iteration.TaskName,
            Keyed = iteration.Iteration.Keyed,
            Record = iteration.ToRecord(iteration.Runner.EndWhenStuck, iteration.Age),
            ConsecutiveFailures = log.State.ConsecutiveFailures,
            Text = iteration.Iteration.CurrentActivity,
            Exception = exception,
        });
        LoopTracing.Leave(iteration.Iteration.Span);
    }
}

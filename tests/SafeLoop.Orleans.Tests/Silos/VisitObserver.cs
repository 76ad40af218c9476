namespace SafeLoop.Tests.Silos;

/// <summary>Records the slots whose iterations were cancelled before their step began, as when a host is killed.</summary>
internal sealed class VisitObserver(Visits visits) : IRecurringTaskObserver
{
    public void OnEvent(in LoopEvent loopEvent)
    {
        if (loopEvent is { Kind: LoopEventKind.IterationEnded, Record.Outcome: IterationOutcome.Interrupted })
            visits.Interrupt(loopEvent.KeyText ?? loopEvent.TaskName, loopEvent.Record.Slot);
    }
}

using SafeLoop;

namespace Nemesis.Working;

/// <summary>Reports each outcome, and each loop that ends, to the judge.</summary>
internal sealed class OutcomeObserver(JudgeClient judge) : IRecurringTaskObserver
{
    public void OnEvent(in LoopEvent loopEvent)
    {
        var (task, record) = (loopEvent.TaskName, loopEvent.Record);
        if (loopEvent.Kind is LoopEventKind.IterationEnded)
            judge.Report(FormattableString.Invariant(
                $"outcome {task} {record.Slot.UtcTicks} {record.Outcome} {record.Reason} {record.Count} {record.Error}"));
        else if (loopEvent.Kind is LoopEventKind.LoopEnded)
            judge.Report($"ended {task} {loopEvent.End}");
    }
}

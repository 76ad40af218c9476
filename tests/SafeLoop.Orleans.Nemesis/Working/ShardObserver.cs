using SafeLoop;

namespace ClusterNemesis.Working;

/// <summary>Reports the shards, and slots that were skipped, to the judge.</summary>
internal sealed class ShardObserver(JudgeClient judge) : IRecurringTaskObserver
{
    public void OnEvent(in LoopEvent loopEvent)
    {
        if (loopEvent.Kind is LoopEventKind.ShardOpened or LoopEventKind.ShardClosed or LoopEventKind.ShardLost)
            judge.Report($"shard {loopEvent.Kind} {loopEvent.TaskName} {loopEvent.Text}");
        else if (loopEvent is { Kind: LoopEventKind.IterationEnded, Record.Outcome: not IterationOutcome.Succeeded })
            judge.Report($"outcome {loopEvent.TaskName}/{loopEvent.Key} {loopEvent.Record.Slot:O} {loopEvent.Record.Outcome} "
                + $"{loopEvent.Record.Reason} ×{loopEvent.Record.Count} {loopEvent.Record.Error}");
    }
}

namespace SafeLoop.EntityFrameworkCore;

/// <summary>The slots of a task in one hour that ended alike.</summary>
internal class TotalRow
{
    public long Hour { get; set; }

    public int TaskId { get; set; }

    public IterationOutcome Outcome { get; set; }

    public OutcomeReason Reason { get; set; }

    public long Slots { get; set; }

    public long Elapsed { get; set; }

    public long LongestElapsed { get; set; }

    public long MaxLateness { get; set; }
}

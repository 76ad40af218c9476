namespace SafeLoop;

/// <summary>Why a loop is to end, and what that means for an iteration that is running.</summary>
internal sealed record StopRequest(LoopEnd End, OutcomeReason Interrupts, string? Reason)
{
    /// <summary>The reason for iterations and runs that have not started and will not start.</summary>
    public OutcomeReason ForWaiting => Interrupts is OutcomeReason.None ? OutcomeReason.Disabled : Interrupts;
}

namespace SafeLoop;

/// <summary>Why a loop is to end, and what that means for an iteration that is running.</summary>
internal sealed record StopRequest(LoopEnd End, OutcomeReason Interrupts, string? Reason)
{
    /// <summary>Why what has not started will not start any more.</summary>
    public OutcomeReason ForWaiting => Interrupts is OutcomeReason.None ? OutcomeReason.Disabled : Interrupts;
}

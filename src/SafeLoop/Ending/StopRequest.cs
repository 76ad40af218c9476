namespace SafeLoop;

/// <summary>Why a loop is to end, and what that means for an iteration that is running.</summary>
internal sealed record StopRequest(LoopEnd End, OutcomeReason Interrupts, string? Reason)
{
    /// <summary>True when the host is stopped because of it.</summary>
    public bool StopsHost { get; init; }

    /// <summary>The reason for iterations and runs that have not started and will not start.</summary>
    public OutcomeReason ForWaiting => Interrupts is OutcomeReason.None ? OutcomeReason.Disabled : Interrupts;
}

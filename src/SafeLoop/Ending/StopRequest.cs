namespace SafeLoop;

/// <summary>A request to end a loop, with its effect on a running iteration.</summary>
internal sealed record StopRequest(LoopEnd End, OutcomeReason Interrupts, string? Reason)
{
    /// <summary>True when the request also stops the host.</summary>
    public bool StopsHost { get; init; }

    /// <summary>The outcome reason of iterations and runs that have not started.</summary>
    public OutcomeReason ForWaiting => Interrupts is OutcomeReason.None ? OutcomeReason.Disabled : Interrupts;
}

namespace SafeLoop;

/// <summary>Why a loop is to end, and what that means for an iteration that is running.</summary>
internal sealed record StopRequest(LoopEnd End, OutcomeReason Interrupts, string? Reason);

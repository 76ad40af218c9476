namespace SafeLoop;

/// <summary>An iteration that can be cancelled, as <see cref="IterationCancellation"/> sees it.</summary>
internal interface ICancellable
{
    /// <summary>Called when the iteration has not ended within the grace period after its cancellation.</summary>
    void ReportStuck();

    /// <summary>Marks the start of the callbacks that the step registered on its token.</summary>
    UserCall EnterCallbacks();

    /// <summary>Reports a fault that does not end the loop.</summary>
    void Fault(FaultKind kind, string text, Exception? error);
}

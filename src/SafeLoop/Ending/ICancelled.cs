namespace SafeLoop;

/// <summary>What is cancelled, and told what comes of it.</summary>
internal interface ICancelled
{
    /// <summary>It does not end although it was cancelled.</summary>
    void ReportStuck();

    /// <summary>Marks the start of the calls to callbacks that the step has registered on its token.</summary>
    UserCall EnterCallbacks();

    /// <summary>Something went wrong and was survived.</summary>
    void Fault(string text, Exception? error);
}

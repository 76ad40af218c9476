namespace SafeLoop;

/// <summary>A loop, or the loops of a keyed task, that can be paused until a time.</summary>
internal interface IPausable
{
    /// <summary>Called when the time of a pause has come.</summary>
    /// <param name="end">The end of the pause, which may have been resumed or replaced meanwhile.</param>
    void OnPauseEnded(PauseEnd end);
}

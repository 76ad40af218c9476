namespace SafeLoop;

/// <summary>A waiting loop that must check the time again when the wall clock was set.</summary>
internal interface IWakeable
{
    /// <summary>Wakes the loop. Returns at once.</summary>
    void Wake();
}

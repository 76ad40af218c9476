namespace SafeLoop;

/// <summary>What has to look at the time again when the wall clock was set.</summary>
internal interface IWakeable
{
    /// <summary>Returns at once.</summary>
    void Wake();
}

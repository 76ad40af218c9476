namespace SafeLoop;

/// <summary>Tells excluded times from others, a stretch at a time, so that nobody has to look at every slot in them.</summary>
internal interface IExcluded
{
    /// <summary>The stretch an instant (UTC ticks) lies in.</summary>
    Stretch At(long instant);
}

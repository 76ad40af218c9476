namespace SafeLoop;

/// <summary>Divides time into excluded and other stretches, so that callers need not test every slot.</summary>
internal interface IExcluded
{
    /// <summary>The stretch that contains an instant (UTC ticks).</summary>
    Stretch At(long instant);
}

namespace SafeLoop.Scale.Engines;

/// <summary>An engine that can be asked to forget its loops while it runs.</summary>
internal interface IRemovesLoops
{
    /// <summary>Removes all loops. Ends when they have gone.</summary>
    Task RemoveAsync();
}

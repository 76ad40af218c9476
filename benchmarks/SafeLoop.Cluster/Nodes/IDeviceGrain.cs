namespace SafeLoop.Cluster.Nodes;

/// <summary>A key as a grain.</summary>
internal interface IDeviceGrain : IGrainWithIntegerKey
{
    /// <summary>Starts its timer.</summary>
    Task StartAsync();
}

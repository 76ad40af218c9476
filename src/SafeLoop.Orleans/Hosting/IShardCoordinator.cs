namespace SafeLoop;

/// <summary>Takes and gives shards while the host runs.</summary>
internal interface IShardCoordinator
{
    /// <summary>Joins the cluster.</summary>
    /// <exception cref="InvalidOperationException">The cluster refuses this host.</exception>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Gives all shards away and leaves the cluster. Never throws. Later calls wait for the first.</summary>
    Task StopAsync(CancellationToken cancellationToken);

    /// <summary>Ends the lease at once, and with it the loops of its shards. Nothing after <see cref="StopAsync"/>.</summary>
    void Abandon();
}

namespace SafeLoop;

/// <summary>Sends messages to other hosts of the cluster. A message may be lost, late or doubled.</summary>
internal interface IMemberLink
{
    /// <summary>Notifies a host that shards were given away, so that it reads the store at once.</summary>
    ValueTask NotifyAsync(string address, CancellationToken cancellationToken);
}

namespace SafeLoop;

/// <summary>Sends messages to other hosts of the cluster. A message may be lost, late or doubled.</summary>
internal interface IMemberLink
{
    /// <summary>Tells a host that shards were given away that it may want, so that it looks at once.</summary>
    ValueTask NotifyAsync(string address, CancellationToken cancellationToken);
}

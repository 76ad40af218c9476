namespace SafeLoop;

/// <summary>Reports what happens to the shards of a task.</summary>
/// <param name="observers">Receives the events.</param>
/// <param name="task">The name of the task.</param>
internal readonly struct ShardReports(LoopObservers observers, string task)
{
    public void Publish(LoopEventKind kind, ShardOwnership shard, string text) => observers.Publish(new()
    {
        Kind = kind,
        TaskName = task,
        Text = $"Shard {shard.Shard}, epoch {shard.Epoch}: {text.TrimEnd('.')}.",
    });

    /// <summary>Reads the states of the loops of a shard, and warns when they cannot be read.</summary>
    /// <param name="bytes">What was handed over or stored; null: nothing.</param>
    /// <param name="consequence">What happens when it cannot be read, as a sentence.</param>
    public ShardMemory? Read(byte[]? bytes, string consequence)
    {
        try
        {
            return bytes is null ? null : ShardMemory.Read(bytes);
        }
        catch (InvalidDataException error)
        {
            observers.Warn(task, [$"{error.Message} {consequence}"]);
            return null;
        }
    }
}

namespace SafeLoop;

/// <summary>The key of a loop, with its type.</summary>
/// <remarks>A runner uses one for all its loops, unless observers or scopes may keep it beyond the iteration.</remarks>
internal sealed class LoopKey<TKey>(KeyGroup group) : LoopKey(group), IKeyed<TKey>
    where TKey : notnull
{
    public TKey Key { get; private set; } = default!;

    public override double Phase => StableHash.Share(TaskName, Key);

    protected override object BoxedKey => Key;

    public override IKeyed Copy() => new LoopKey<TKey>(Group).With(Id, Key);

    /// <summary>Sets the loop and the key, and returns this object.</summary>
    public LoopKey<TKey> With(LoopId loop, TKey key)
    {
        (Id, Key) = (loop, key);
        return this;
    }
}

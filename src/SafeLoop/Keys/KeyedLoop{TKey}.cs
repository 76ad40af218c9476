namespace SafeLoop;

/// <summary>The loop of one key, with the key.</summary>
internal sealed class KeyedLoop<TKey>(KeyedLoops all, TKey key) : KeyedLoop(all)
    where TKey : notnull
{
    public TKey Key => key;

    public override double Phase => StableHash.Share(Task.Name, key);

    protected override object BoxedKey => key;
}

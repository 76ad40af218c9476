namespace SafeLoop;

/// <summary>The loop of one key, with the key.</summary>
internal sealed class KeyedLoop<TKey>(KeyDefinition definition, TKey key) : KeyedLoop(definition), IKeyed<TKey>
    where TKey : notnull
{
    public TKey Key => key;

    public override double Phase => StableHash.Share(Task.Name, key);

    protected override object BoxedKey => key;
}

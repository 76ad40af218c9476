namespace SafeLoop;

/// <summary>Loops are the same if their keys are, so a key finds its loop.</summary>
internal sealed class SameKey<TKey> : IEqualityComparer<KeyedLoop<TKey>>, IAlternateEqualityComparer<TKey, KeyedLoop<TKey>>
    where TKey : notnull
{
    public static SameKey<TKey> Comparer { get; } = new();

    public bool Equals(KeyedLoop<TKey>? one, KeyedLoop<TKey>? other) =>
        ReferenceEquals(one, other) || (one is not null && other is not null && Equals(one.Key, other));

    public int GetHashCode(KeyedLoop<TKey> loop) => GetHashCode(loop.Key);

    public bool Equals(TKey key, KeyedLoop<TKey> loop) => EqualityComparer<TKey>.Default.Equals(key, loop.Key);

    public int GetHashCode(TKey key) => EqualityComparer<TKey>.Default.GetHashCode(key);

    KeyedLoop<TKey> IAlternateEqualityComparer<TKey, KeyedLoop<TKey>>.Create(TKey key) =>
        throw new NotSupportedException("A loop is not made from its key alone.");
}

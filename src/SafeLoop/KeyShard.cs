using System.Globalization;

namespace SafeLoop;

/// <summary>One of the parts into which the keys of a keyed task are divided. Each key is in exactly one of them.</summary>
/// <remarks>
/// <para>
/// The shard of a key is <c>StableHash.Compute(text) % Count</c>, where the text is that of the key in the invariant culture.
/// So a database can compute it, or store it beside the key. Where <see cref="Count"/> is a power of two, it is
/// <c>hash &amp; (Count - 1)</c>, which also holds for the signed integers of SQL.
/// </para>
/// <para>The default value is the only shard of one. It contains every key.</para>
/// </remarks>
public readonly record struct KeyShard
{
    private readonly int _others; // one less than the count, so that the default value is a shard

    /// <summary>Creates the shard with this index.</summary>
    /// <param name="index">From 0 up to, not including, <paramref name="count"/>.</param>
    /// <param name="count">The number of shards; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such shard.</exception>
    public KeyShard(int index, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, count);
        (Index, _others) = (index, count - 1);
    }

    /// <summary>Which of the shards it is: from 0 up to, not including, <see cref="Count"/>.</summary>
    public int Index { get; }

    /// <summary>The number of shards of the task.</summary>
    public int Count => _others + 1;

    /// <summary>Finds the shard of a key.</summary>
    /// <typeparam name="TKey">The type of the key.</typeparam>
    /// <param name="key">
    /// The key. Its text decides, so keys with the same text are in the same shard. For text and for keys that format into a
    /// span, such as numbers and Guids, nothing is allocated.
    /// </param>
    /// <param name="count">The number of shards; at least 1.</param>
    /// <returns>The one shard that contains the key.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is less than 1.</exception>
    /// <remarks>Calls <c>ToString</c> of the key, and throws what it throws.</remarks>
    public static KeyShard FromKey<TKey>(TKey key, int count)
        where TKey : notnull
    {
        if (key is null) // not ArgumentNullException.ThrowIfNull, which boxes a key that is a value
            throw new ArgumentNullException(nameof(key));
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return new((int)(StableHash.ComputeOfKey(key) % (uint)count), count);
    }

    /// <summary>Finds out whether a key is in this shard.</summary>
    /// <typeparam name="TKey">The type of the key.</typeparam>
    /// <param name="key">The key. Its text decides, as for <see cref="FromKey{TKey}"/>.</param>
    /// <returns>True when it is.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    /// <remarks>Calls <c>ToString</c> of the key, and throws what it throws.</remarks>
    public bool Contains<TKey>(TKey key)
        where TKey : notnull => FromKey(key, Count).Index == Index;

    /// <summary>Formats the index and the count, such as <c>17/4096</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Index}/{Count}");
}

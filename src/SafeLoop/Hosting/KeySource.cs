namespace SafeLoop;

/// <summary>Reads a source of keys to its end, or not at all.</summary>
internal static class KeySource
{
    /// <exception cref="OperationCanceledException">The read was cut short.</exception>
    /// <exception cref="InvalidOperationException">The source is broken.</exception>
    public static async ValueTask<HashSet<TKey>> ReadAsync<TKey>(
        IAsyncEnumerable<TKey>? source, CancellationToken cancellationToken)
        where TKey : notnull
    {
        if (source is null)
            throw Broken("returned null instead of keys");
        var keys = new HashSet<TKey>();
        await foreach (var key in source.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            cancellationToken.ThrowIfCancellationRequested(); // a source that ignores its token may never end
            if (key is null)
                throw Broken($"yielded null after {keys.Count:N0} keys");
            keys.Add(key);
        }
        cancellationToken.ThrowIfCancellationRequested(); // a source that ends early because of its token looks complete
        return keys;
    }

    private static InvalidOperationException Broken(string how) =>
        new($"The source given to KeysFrom {how}; the keys stay as they are.");
}

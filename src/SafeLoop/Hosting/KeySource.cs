namespace SafeLoop;

/// <summary>Reads a source of keys completely, or throws.</summary>
internal static class KeySource
{
    /// <exception cref="OperationCanceledException">The token was cancelled before the source ended.</exception>
    /// <exception cref="InvalidOperationException">The source is null or yielded null.</exception>
    public static async ValueTask<HashSet<TKey>> ReadAsync<TKey>(
        IAsyncEnumerable<TKey>? source, CancellationToken cancellationToken)
        where TKey : notnull
    {
        if (source is null)
            throw Broken("returned null instead of keys");
        var keys = new HashSet<TKey>();
        await foreach (var key in source.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            cancellationToken.ThrowIfCancellationRequested(); // an endless source may ignore its token
            if (key is null)
                throw Broken($"yielded null after {keys.Count:N0} keys");
            keys.Add(key);
        }
        cancellationToken.ThrowIfCancellationRequested(); // a source that ends early on cancellation looks complete
        return keys;
    }

    private static InvalidOperationException Broken(string how) =>
        new($"The source given to KeysFrom {how}; the keys stay as they are.");
}

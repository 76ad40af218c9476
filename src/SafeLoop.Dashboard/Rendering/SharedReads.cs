using System.Collections.Concurrent;

namespace SafeLoop.Dashboard;

/// <summary>
/// Lets all viewers share what one of them has read a moment ago, so that the number of queries does not grow with them.
/// </summary>
internal sealed class SharedReads(TimeProvider time)
{
    /// <summary>How long an answer is shared.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<object, SharedRead> _reads = new();

    /// <summary>Reads, or returns what was read for the same key a moment ago.</summary>
    /// <param name="key">What is read; equal keys have equal answers.</param>
    /// <param name="read">Reads. Its token belongs to all who wait, not to one request.</param>
    /// <param name="cancellationToken">Cancels the wait of one request.</param>
    public async Task<T> GetAsync<T>(
        object key, Func<CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        if (!_reads.TryGetValue(key, out var shared) || time.GetElapsedTime(shared.Begun) > Lifetime)
        {
            RemoveOld();
            shared = _reads[key] = new(time.GetTimestamp(), new(() => RunAsync(read)));
        }
        return (T)(await shared.Answer.Value.WaitAsync(cancellationToken).ConfigureAwait(false))!;
    }

    private async Task<object?> RunAsync<T>(Func<CancellationToken, Task<T>> read)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        return await read(limit.Token).ConfigureAwait(false);
    }

    private void RemoveOld()
    {
        foreach (var (key, read) in _reads)
        {
            if (time.GetElapsedTime(read.Begun) > Lifetime)
                _reads.TryRemove(key, out _);
        }
    }
}

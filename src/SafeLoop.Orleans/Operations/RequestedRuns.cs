using System.Collections.Concurrent;

namespace SafeLoop;

/// <summary>
/// Runs that were requested by other hosts. A request is never open for long, so that a host that is gone is noticed soon: it
/// replies that the run is pending, and the other host asks again.
/// </summary>
internal sealed class RequestedRuns(TimeProvider time)
{
    /// <summary>How long a reply waits for the end of a run. Well within the limit of a call.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    /// <summary>How long the first reply waits. The host that has sent a run can cancel it only when it has a reply.</summary>
    public static readonly TimeSpan FirstLimit = TimeSpan.FromMilliseconds(200);

    /// <summary>How long a result is kept that the other host has not asked for.</summary>
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(1);

    private static readonly MemberReply Pending = new() { Kind = MemberReplyKind.Pending };

    private readonly ConcurrentDictionary<Guid, RequestedRun> _runs = new();

    /// <summary>Starts a run. A request that has arrived twice starts one.</summary>
    public void Start(Guid id, Func<CancellationToken, Task<MemberReply>> run)
    {
        foreach (var (old, other) in _runs)
        {
            if (other.IsOlderThan(KeptFor, time))
                _runs.TryRemove(old, out _);
        }
        _runs.GetOrAdd(id, static (_, all) => new RequestedRun(all.run, all.time), (run, time)).Start();
    }

    /// <summary>Waits for a run.</summary>
    public async Task<MemberReply> AwaitAsync(Guid id, TimeSpan limit)
    {
        if (!_runs.TryGetValue(id, out var run))
        {
            return MemberFault.ToReply(new TimeoutException(
                "The host does not know the run any more: it has restarted, or the result was not fetched within a minute. "
                    + "The iteration may have run."));
        }
        Task<MemberReply> ended = run.Ended;
        Task wait = ended.WaitAsync(limit, time);
        await wait.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!ended.IsCompleted)
            return Pending;
        return await ended.ConfigureAwait(false); // kept for a while, because the reply may be lost
    }

    /// <summary>Cancels a run. Does nothing when there is none, or it has ended.</summary>
    public void Cancel(Guid id)
    {
        if (_runs.TryGetValue(id, out var run))
            run.Cancel();
    }
}

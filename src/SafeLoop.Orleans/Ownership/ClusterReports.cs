using Microsoft.Extensions.Logging;

namespace SafeLoop;

/// <summary>Logs what happens in the cluster, and remembers what is wrong for the health check.</summary>
/// <remarks>
/// Thread-safe. A failure is logged once a minute. The log is user code: it is called under no lock, and what it throws is
/// ignored.
/// </remarks>
internal sealed class ClusterReports(ILogger logger, TimeProvider time, IClusterMembership membership)
{
    private static readonly TimeSpan BetweenReports = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<object, long> _nextReport = [];
    private volatile string? _problem;

    /// <summary>What is wrong, as a sentence; null: nothing.</summary>
    public string? Problem => _problem;

    public void OnJoined(long lease) =>
        Write(() => ClusterLog.ClusterJoined(logger, membership.Cluster, membership.Name, lease));

    public void OnLost(string reason)
    {
        _problem = $"The lease was lost: {reason}";
        Write(() => ClusterLog.ClusterLeaseLost(logger, reason));
    }

    public void OnRefused(string refusal)
    {
        _problem = refusal;
        if (IsDue(refusal))
            Write(() => ClusterLog.ClusterRefused(logger, refusal));
    }

    public void OnFailed(Exception error)
    {
        var problem = $"{error.GetType().Name}: {ErrorText.ReadMessage(error)}";
        _problem = problem;
        if (IsDue(error.GetType()))
            Write(() => ClusterLog.ClusterFailed(logger, error, problem));
    }

    /// <summary>The store has renewed the lease.</summary>
    public void OnRenewed()
    {
        if (_problem is null)
            return;
        _problem = null;
        Write(() => ClusterLog.ClusterRecovered(logger));
    }

    public void OnQuarantined(ShardId shard, int losses, TimeSpan closedFor) =>
        Write(() => ClusterLog.ShardQuarantined(logger, shard.Task, shard.Index, losses, closedFor));

    public void OnNotOpened(ShardId shard, Exception error)
    {
        if (IsDue(shard.Task))
            Write(() => ClusterLog.ShardNotOpened(logger, error, shard.Task, shard.Index));
    }

    public void OnUnreadable(ShardId shard, Exception error) =>
        Write(() => ClusterLog.ProgressUnreadable(logger, error, shard.Task, shard.Index));

    public void OnDrained() => Write(() => ClusterLog.ClusterDrained(logger));

    private bool IsDue(object subject)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            if (_nextReport.GetValueOrDefault(subject, long.MinValue) > now)
                return false;
            _nextReport[subject] = time.TimestampAfter(now, BetweenReports);
            return true;
        }
    }

    private static void Write(Action log)
    {
        try
        {
            log();
        }
        catch (Exception) // the log is user code, and the cluster must go on
        {
        }
    }
}

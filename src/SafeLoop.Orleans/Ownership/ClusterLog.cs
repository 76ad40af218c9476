using Microsoft.Extensions.Logging;

namespace SafeLoop;

/// <summary>The log of the cluster. docs/observability.md lists its events.</summary>
internal static partial class ClusterLog
{
    [LoggerMessage(150, LogLevel.Information, "Joined the cluster '{Cluster}' as '{Name}' with lease {Lease}.")]
    public static partial void ClusterJoined(ILogger logger, string cluster, string name, long lease);

    [LoggerMessage(151, LogLevel.Warning, "The lease of this host was lost, and its loops have ended here: {Reason}")]
    public static partial void ClusterLeaseLost(ILogger logger, string reason);

    [LoggerMessage(152, LogLevel.Error, "{Refusal}")]
    public static partial void ClusterRefused(ILogger logger, string refusal);

    [LoggerMessage(153, LogLevel.Warning, "An operation of the cluster failed and is tried again: {Problem}")]
    public static partial void ClusterFailed(ILogger logger, Exception error, string problem);

    [LoggerMessage(154, LogLevel.Information, "The operations of the cluster succeed again.")]
    public static partial void ClusterRecovered(ILogger logger);

    [LoggerMessage(155, LogLevel.Error,
        "Shard {Shard} of '{Task}' stays closed for {ClosedFor}: {Losses} hosts in a row were lost after they had opened it.")]
    public static partial void ShardQuarantined(ILogger logger, string task, int shard, int losses, TimeSpan closedFor);

    [LoggerMessage(156, LogLevel.Error, "Shard {Shard} of '{Task}' could not be opened, and is tried again.")]
    public static partial void ShardNotOpened(ILogger logger, Exception error, string task, int shard);

    [LoggerMessage(157, LogLevel.Warning,
        "The progress of the last owner of shard {Shard} of '{Task}' could not be read. Its loops go on from where it began.")]
    public static partial void ProgressUnreadable(ILogger logger, Exception error, string task, int shard);

    [LoggerMessage(158, LogLevel.Information, "This host has given its shards away.")]
    public static partial void ClusterDrained(ILogger logger);
}

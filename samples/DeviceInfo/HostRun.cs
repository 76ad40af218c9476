using Microsoft.Extensions.Hosting;

namespace DeviceInfo;

/// <summary>Runs the host until Ctrl+C, SIGTERM or a limit of its own.</summary>
internal static class HostRun
{
    /// <param name="host">The host, not started yet.</param>
    /// <param name="limit">Counted from when it has started; null: none.</param>
    public static async Task RunForAsync(this IHost host, TimeSpan? limit)
    {
        try
        {
            await host.StartAsync();
        }
        catch (OperationCanceledException)
        {
            await host.StopAsync(); // stopped before it had started, which also ends it
            return;
        }

        using var end = new CancellationTokenSource(limit ?? Timeout.InfiniteTimeSpan);
        await host.WaitForShutdownAsync(end.Token);
    }
}

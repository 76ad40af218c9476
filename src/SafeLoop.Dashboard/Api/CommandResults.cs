namespace SafeLoop.Dashboard;

/// <summary>Waits until a command has a result.</summary>
internal sealed class CommandResults(IRecurringTaskCommands commands, TimeProvider time)
{
    private static readonly TimeSpan BetweenQueries = TimeSpan.FromMilliseconds(250);

    /// <summary>Waits until a command is completed or has expired.</summary>
    /// <param name="id">The id of the command.</param>
    /// <param name="limit">How long at most; zero: only once.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>What has become of it so far; null: it is not found.</returns>
    public async Task<TaskCommandStatus?> WaitAsync(Guid id, TimeSpan limit, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var status = await commands.FindAsync(id, cancellationToken).ConfigureAwait(false);
        if (limit <= TimeSpan.Zero || IsOver(status))
            return status;
        using var timer = new PeriodicTimer(BetweenQueries, time);
        while (time.GetElapsedTime(started) < limit && await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
        {
            status = await commands.FindAsync(id, cancellationToken).ConfigureAwait(false);
            if (IsOver(status))
                break;
        }
        return status;
    }

    private static bool IsOver(TaskCommandStatus? status) =>
        status?.State is TaskCommandState.Completed or TaskCommandState.Expired;
}

namespace SafeLoop.Terminal;

/// <summary>Waits for the result of a command, and shows it.</summary>
internal sealed class CommandFollower(VerbRun run)
{
    private static readonly TimeSpan BetweenQueries = TimeSpan.FromMilliseconds(250);

    /// <param name="status">What has become of the command so far.</param>
    /// <param name="limit">How long to wait at most.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> FollowAsync(TaskCommandStatus status, TimeSpan limit)
    {
        var (id, started) = (status.Command.Id, run.Time.GetTimestamp());
        if (!IsOver(status) && limit > TimeSpan.Zero)
        {
            run.Screen.Note($"Command {id} was sent; waiting for its result.");
            using var timer = new PeriodicTimer(BetweenQueries, run.Time);
            while (!IsOver(status) && run.Time.GetElapsedTime(started) < limit
                && await timer.WaitForNextTickAsync(run.Cancelled))
                status = await run.Source.FindCommandAsync(id, run.Cancelled);
        }
        if (run.Screen.IsJson)
            run.Screen.Json(status, TerminalJson.Default.TaskCommandStatus);
        else
            Write(status);
        return CodeOf(status);
    }

    private void Write(TaskCommandStatus status)
    {
        var command = status.Command;
        run.Screen.Line($"{command.Kind} {command.TaskName}{(command.Key is { } key ? $" key {key}" : "")}: {status.Text}");
        foreach (var result in status.Results)
            run.Screen.Line($"  {result.Host ?? result.Instance.ToString()}  {result.Text}");
        if (!IsOver(status))
            run.Screen.Line($"It has no result yet. `command {command.Id}` waits for it.");
    }

    private static bool IsOver(TaskCommandStatus status) =>
        status.State is TaskCommandState.Completed or TaskCommandState.Expired;

    private static int CodeOf(TaskCommandStatus status)
    {
        if (!IsOver(status))
            return TaskExitCode.Pending;
        if (status.State is TaskCommandState.Expired || !status.Results.Any(result => result.IsExecuted))
            return TaskExitCode.Rejected;
        return status.Command.Kind is not TaskCommandKind.RunNow
            || status.Results.Any(result => result is { IsExecuted: true, Text: nameof(IterationOutcome.Succeeded) })
            ? TaskExitCode.Done
            : TaskExitCode.Unsuccessful;
    }
}

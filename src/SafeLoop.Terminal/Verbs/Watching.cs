namespace SafeLoop.Terminal;

/// <summary>Shows something once, or again and again until it is cancelled.</summary>
/// <param name="run">The run of the verb.</param>
/// <param name="isWatching">False: once.</param>
/// <param name="interval">The time from one showing to the next. One that takes longer delays the next one.</param>
internal sealed class Watching(VerbRun run, bool isWatching, TimeSpan interval)
{
    // Home, and erase from there to the end: what was shown before stays in the scrollback.
    private const string DrawOver = "\u001b[H\u001b[J";

    public async Task<int> RunAsync(Func<Screen, Task> show)
    {
        if (!isWatching)
        {
            await show(run.Screen);
            return TaskExitCode.Done;
        }
        try
        {
            using var timer = new PeriodicTimer(interval, run.Time);
            await ShowAsync(show, isFirst: true);
            while (await timer.WaitForNextTickAsync(run.Cancelled))
                await ShowAsync(show, isFirst: false);
        }
        catch (OperationCanceledException) when (run.Cancelled.IsCancellationRequested)
        {
            // Ctrl+C is the way to end it.
        }
        return TaskExitCode.Done;
    }

    // Into a buffer first, so that a slow answer leaves no half of a table.
    private async Task ShowAsync(Func<Screen, Task> show, bool isFirst)
    {
        using var drawn = new StringWriter();
        try
        {
            await show(new(drawn, drawn, run.Screen.IsJson));
        }
        catch (ToolException error) when (!isFirst)
        {
            run.Screen.Note(error.Message); // the next time may succeed
            return;
        }
        if (!run.Screen.IsJson && run.IsTerminal)
            await run.Output.WriteAsync(DrawOver);
        else if (!run.Screen.IsJson && !isFirst)
            await run.Output.WriteLineAsync();
        await run.Output.WriteAsync(drawn.ToString());
        await run.Output.FlushAsync(CancellationToken.None);
    }
}

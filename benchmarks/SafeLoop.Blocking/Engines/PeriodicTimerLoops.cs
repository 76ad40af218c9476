namespace SafeLoop.Blocking.Engines;

/// <summary>The loop people write by hand, in the thread pool.</summary>
internal sealed class PeriodicTimerLoops : IEngine
{
    public Task StartAsync()
    {
        for (var n = 0; n < Scene.Blockers; n++)
            _ = Task.Run(static () => RunAsync(Scene.Block));
        _ = Task.Run(static () => RunAsync(Scene.RunInnocent));
        return Task.CompletedTask;
    }

    private static async Task RunAsync(Action act)
    {
        using var timer = new PeriodicTimer(Scene.Period);
        while (await timer.WaitForNextTickAsync())
            act();
    }
}

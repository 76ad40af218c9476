using System.Diagnostics;

namespace SafeLoop.Blocking.Engines;

/// <summary>The other loop people write by hand: a thread for each task, which sleeps until its next slot.</summary>
internal sealed class OwnThreads : IEngine
{
    public Task StartAsync()
    {
        for (var n = 0; n < Scene.Blockers; n++)
            Start(Scene.Block);
        Start(Scene.RunInnocent);
        return Task.CompletedTask;
    }

    private static void Start(Action act) => new Thread(() => Run(act)) { IsBackground = true }.Start();

    private static void Run(Action act)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            act();
            var elapsed = Stopwatch.GetElapsedTime(began);
            var next = Scene.Period * (Math.Floor(elapsed / Scene.Period) + 1);
            Thread.Sleep((int)Math.Ceiling((next - elapsed).TotalMilliseconds));
        }
    }
}

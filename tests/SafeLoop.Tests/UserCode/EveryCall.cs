using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace SafeLoop.Tests.UserCode;

/// <summary>Everything that takes a lock of the core, and that must answer while user code runs.</summary>
internal sealed class EveryCall(Scene scene)
{
    private readonly ThreadedLoopHost _host = scene.Host;

    /// <summary>The calls, with their names. The stops come last.</summary>
    public IEnumerable<(string Name, Action Call)> All =>
    [
        ("All", () => _ = _host.Tasks.All.Select(task => task.Snapshot()).ToList()),
        .. OfHandle(),
        .. OfTasks(),
        .. OfKeys(),
        .. OfHost(),
        .. Stops(),
    ];

    private (string, Action)[] OfHandle() =>
    [
        ("Snapshot", () => With(handle => handle.Snapshot())),
        ("History", () => With(handle => handle.History)),
        ("Options", () => With(handle => handle.Options)),
        ("UpcomingSlots", () => With(handle => handle.UpcomingSlots(3))),
        ("Completion", () => With(handle => handle.Completion)),
        ("Pause", () => With(handle => handle.Pause())),
        ("Resume", () => With(handle => handle.Resume())),
        ("ChangeAsync", () => With(handle => handle.ChangeAsync(static options => options.HistoryLength = 10))),
        ("RunNowAsync that is cancelled", () => With(RunAndCancel)),
    ];

    private (string, Action)[] OfTasks() =>
    [
        ("Add", () => Add()),
        ("Remove", () => Assert.True(_host.Tasks.Remove("added"))),
        ("Add again", () => Add()),
        ("Stop of another task", () => _host["added"].Stop()),
        ("Start of another task", () => _host["added"].Start()),
        ("Reload", scene.Configuration.Reload),
    ];

    private (string, Action)[] OfKeys() =>
    [
        ("Count", () => _ = scene.Keys.Count),
        ("Keys", () => _ = scene.Keys.Keys),
        ("TryAdd", () => Assert.True(scene.Keys.TryAdd(new("added")))),
        ("Contains", () => Assert.True(scene.Keys.Contains(new("added")))),
        ("Find", () => scene.Keys.Find(new("added"))?.Snapshot()),
        ("Pause of a key", () => scene.Keys.Find(new("added"))?.Pause()),
        ("FindFailing", () => scene.Keys.FindFailing(10)),
        ("FindSlowest", () => scene.Keys.FindSlowest(10)),
        ("FindPaused", () => scene.Keys.FindPaused(10)),
        ("Pause of all keys", () => scene.Keys.Pause()),
        ("Resume of all keys", () => scene.Keys.Resume()),
        ("TryRemove", () => Assert.True(scene.Keys.TryRemove(new("added")))),
    ];

    private (string, Action)[] OfHost() =>
    [
        ("health", () => Get<HealthCheckService>().CheckHealthAsync().Wait()),
        ("the calls into user code", () => Get<LoopObservers>().Calls.Snapshot()),
        ("the leases", () => Get<LoopEnvironment>().Locks.MayHold(new(scene.Name, "lock"))),
        ("the locks", () => _ = (Get<ILoopLockProvider>() as InProcessLockProvider)?.Count),
        ("the wall clock", WallClockWatch.For(Get<Pacemaker>()).OnWallClockSet),
        ("the pacemaker", () => _ = Get<Pacemaker>().Lateness),
    ];

    private (string, Action)[] Stops() =>
    [
        ("Stop", () => With(handle => handle.Stop())),
        ("Start", () => With(handle => handle.Start())),
        ("Remove of it", scene.Remove),
        ("the stop of the host", () =>
        {
            if (!scene.HoldsHost)
                _host.StopHost(new CancellationToken(canceled: true)).Wait();
        }),
    ];

    private T Get<T>() where T : notnull => _host.Services.GetRequiredService<T>();

    private void Add() => _host.Tasks.Add("added", task => task.Step("step", Steps.None).Every(1000.Seconds));

    private void With(Func<RecurringTaskHandle, object> call) => With(handle => { _ = call(handle); });

    // It may not have been added yet.
    private void With(Action<RecurringTaskHandle> call)
    {
        if (scene.FindHandle() is { } handle)
            call(handle);
    }

    // The caller has its answer although the loop is blocked.
    private static void RunAndCancel(RecurringTaskHandle handle)
    {
        using var cancellation = new CancellationTokenSource();
        var run = handle.RunNowAsync(cancellation.Token);
        cancellation.Cancel();
        run.Wait();
    }
}

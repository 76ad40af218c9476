using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.UserCode;

/// <summary>Observers, by the event that they get.</summary>
internal static class ObserverPoints
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public static readonly Dictionary<string, Point> All = new()
    {
        ["the start of a loop"] = On(LoopEventKind.LoopStarted) with { Provoke = StartAgain },
        ["the start of an iteration"] = On(LoopEventKind.IterationStarted),
        ["the end of an iteration"] = On(LoopEventKind.IterationEnded),
        ["a pause"] = On(LoopEventKind.Paused) with { Provoke = scene => scene.Handle.Pause() },
        ["the end of a pause"] = On(LoopEventKind.Resumed) with
        {
            Provoke = scene =>
            {
                scene.Handle.Pause();
                scene.Handle.Resume();
            },
        },
        ["a change"] = On(LoopEventKind.Changed) with
        {
            Provoke = scene => scene.Handle.ChangeAsync(static options => options.HistoryLength = 20),
        },
        ["a change that is rejected"] = On(LoopEventKind.ChangeRejected) with
        {
            Task = (task, scene) => TaskPoints.Every(task).Configure(options =>
            {
                if (scene.Started.IsSet)
                    options.Every = TimeSpan.Zero;
            }),
            Provoke = static scene => scene.ReloadChanged(),
        },
        ["a fault"] = On(LoopEventKind.Fault) with
        {
            Task = (task, _) => TaskPoints.Every(task).Until(static () => throw new IOException("on purpose")),
        },
        ["a stuck iteration"] = OfStuck(LoopEventKind.IterationStuck),
        ["the end of a stuck iteration"] = OfStuck(LoopEventKind.IterationUnstuck),
        ["the end of a loop"] = On(LoopEventKind.LoopEnded) with { Provoke = scene => scene.Handle.Stop() },
        ["the end of a loop that is removed"] = On(LoopEventKind.LoopEnded) with { Provoke = scene => scene.Remove() },
        ["the end of a loop whose host stops"] = On(LoopEventKind.LoopEnded) with { Provoke = scene => scene.Host.StopHost() },
    };

    private static Point On(LoopEventKind kind) => new()
    {
        Services = (services, scene) => services.AddSingleton<IRecurringTaskObserver>(new Observer(kind, scene)),
    };

    private static Point OfStuck(LoopEventKind kind) => On(kind) with
    {
        Step = (scene, _, token) =>
        {
            token.Register(scene.Reached.Set);
            scene.Started.Set();
            return new(scene.Gate.Task);
        },
        Task = (task, _) => TaskPoints.Every(task).WithTimeout(Second).Configure(static options => options.StuckAfter = Second),
        Provoke = scene =>
        {
            scene.RunAgain();
            ThreadedLoopHost.Wait(scene.Started);
            scene.Host.Advance(Second);
            ThreadedLoopHost.Wait(scene.Reached);
            scene.AdvanceUntil(Second, () => scene.Host.Observer.Of(LoopEventKind.IterationStuck).Count > 0);
            scene.Gate.TrySetResult();
        },
    };

    // That of a key with a handle has started before the observer was hostile.
    private static void StartAgain(Scene scene)
    {
        scene.FindHandle()?.Stop();
        scene.FindHandle()?.Start();
    }

    private sealed class Observer(LoopEventKind kind, Scene scene) : IRecurringTaskObserver
    {
        public void OnEvent(in LoopEvent loopEvent)
        {
            if (loopEvent.Kind == kind && loopEvent.TaskName == scene.Name)
                scene.Act();
        }
    }
}

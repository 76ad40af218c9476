using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.UserCode;

/// <summary>The members of a lock provider and of its leases, and the callbacks on their tokens.</summary>
internal static class LockPoints
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public static readonly Dictionary<string, Point> All = new()
    {
        ["the acquisition of a lock"] = With(scene => new() { Acquire = (_, _) => Then(scene, new ValueTask<bool>(true)) }),
        ["the refusal of a lock"] = With(scene => new() { Acquire = (_, _) => Then(scene, new ValueTask<bool>(false)) }),
        ["the release of a lock"] = With(scene => new() { Release = () => Then(scene, default(ValueTask)) }),
        ["the fencing token"] = With(scene => new() { Fence = fence => Then(scene, fence) }),
        ["the time of a lease"] = With(scene => new() { AtMostFor = () => Then(scene, Second * 30) }),
        ["the token of a lease"] = With(scene => new() { Lost = () => Then(scene, CancellationToken.None) }),
        ["the last slot"] = ByCron(scene => new() { LastSlot = () => Then(scene, default(DateTimeOffset?)) }),
        ["the record of a slot"] = ByCron(scene => new() { Record = _ => Then(scene, new ValueTask<bool>(true)) }),
        ["the renewal of a lock"] = Running(
            scene => new() { Renew = _ => Then(scene, new ValueTask<bool>(true)) }, scene => scene.Host.Advance(Second * 10)),
        ["the token of a renewal that hangs"] = Running(
            scene => new() { Renew = token => RenewAsync(scene, token) },
            scene =>
            {
                scene.Host.Advance(Second * 10);
                ThreadedLoopHost.Wait(scene.Reached);
                scene.AdvanceUntil(Second * 10, () => scene.HasActed);
            }),
        ["the token of a step whose lock is not renewed"] = Running(
            scene => new() { Renew = _ => new(false) },
            scene => scene.Host.Advance(Second * 10),
            scene => scene.Act),
        ["the token of a step whose lock expires"] = Running(
            scene => new() { Renew = _ => throw new IOException("on purpose") },
            scene => scene.Host.Advance(Second * 30),
            scene => scene.Act),
    };

    private static Point With(Func<Scene, ScriptedLocks> locks) => new()
    {
        Services = (services, scene) => services.AddSingleton<ILoopLockProvider>(locks(scene)),
        Task = static (task, _) => TaskPoints.Every(task).WithLock("lock"),
    };

    private static Point ByCron(Func<Scene, ScriptedLocks> locks) => With(locks) with
    {
        Task = static (task, _) => task.Cron("* * * * *").WithLock("lock"),
        RunsAtStart = false,
        Provoke = static scene => scene.AdvanceUntil(Second * 60, () => scene.HasActed),
    };

    // The lock is held while the provider is called.
    private static Point Running(
        Func<Scene, ScriptedLocks> locks, Action<Scene> provoke, Func<Scene, Action>? cancelled = null) => With(locks) with
    {
        Step = (scene, _, token) => TaskPoints.UntilCancelled(scene, token, cancelled?.Invoke(scene)),
        Provoke = scene =>
        {
            scene.RunAgain();
            ThreadedLoopHost.Wait(scene.Started);
            provoke(scene);
        },
    };

    private static ValueTask<bool> RenewAsync(Scene scene, CancellationToken token)
    {
        token.Register(scene.Act);
        scene.Reached.Set();
        return new(Hang(scene));
    }

    private static async Task<bool> Hang(Scene scene)
    {
        await scene.Gate.Task;
        return false;
    }

    private static T Then<T>(Scene scene, T value) => TaskPoints.Then(scene.Act, value);
}

using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.UserCode;

/// <summary>The members of keys, the selector of their schedules, and their source.</summary>
internal static class KeyPoints
{
    public static readonly Dictionary<string, Point> All = new()
    {
        ["the schedule of a key"] = new()
        {
            Task = (task, scene) => SelectOn(Environment.CurrentManagedThreadId, task, scene)
                .Configure(options => options.HistoryLength = scene.Started.IsSet ? 20 : 10),
            Provoke = static scene => scene.ReloadChanged(),
            IsOfKey = true,
        },
        ["the schedule of a key that had none"] = new()
        {
            Task = (task, scene) => task.Every((Key _) => scene.Started.IsSet
                ? TaskPoints.Then(scene.Act, 1000.Seconds)
                : throw new IOException("on purpose")),
            Provoke = scene =>
            {
                scene.WaitForFirst();
                scene.Started.Set();
                scene.AdvanceUntil(60.Seconds, () => scene.HasActed);
            },
            IsOfKey = true,
        },
        ["a warning about the schedule of a key"] = HostPoints.OfLog("warning") with
        {
            Task = (task, scene) => task.Every(static (Key _) => 1000.Seconds).WithTimeout(2000.Seconds)
                .Configure(options => options.HistoryLength = scene.Started.IsSet ? 20 : 10),
            Provoke = static scene => scene.ReloadChanged(),
            IsOfKey = true,
        },
        ["the source of keys"] = new()
        {
            Task = (task, scene) => TaskPoints.Every(task).KeysFrom((_, _) => Read(scene), 1000.Seconds),
            Provoke = scene => scene.Host[$"{scene.Name}.keys"].RunNowAsync(),
            IsOfKey = true,
        },
        // The first text of a key is in the log of its loop, that of a key with a handle in the name of its lock.
        ["the text of a key"] = new()
        {
            Key = scene => new("a") { OnText = scene.Act },
            Task = (task, _) => TaskPoints.Every(task).WithLock("lock"),
            IsOfKey = true,
        },
        ["the text of a key in a snapshot"] = new()
        {
            Key = scene => new("a") { OnText = () => ActIf(scene.Started.IsSet, scene) },
            Provoke = scene =>
            {
                scene.Started.Set();
                scene.Keys.Find(scene.Key)!.Snapshot(); // a handle knows its key as the caller gave it
            },
            IsOfKey = true,
        },
        ["the hash of a key that is found"] = OfHash((keys, key) => keys.Find(key)),
        ["the hash of a key that is added"] = OfHash((keys, key) => keys.TryAdd(key)),
        ["the hash of a key that is removed"] = OfHash((keys, key) => keys.TryRemove(key)),
        ["the comparison of a key that is found"] = OfEquals((keys, key) => keys.Find(key)),
        ["the comparison of a key that is looked for"] = OfEquals((keys, key) => keys.Contains(key)),
        ["the comparison of a key that is added"] = OfEquals((keys, key) => keys.TryAdd(key)),
        ["the comparison of a key that is removed"] = OfEquals((keys, key) => keys.TryRemove(key)),
        ["the comparison with a removed key that is ending"] = OfEquals((keys, key) => keys.TryAdd(key)) with
        {
            Step = (scene, _, _) =>
            {
                scene.Started.Set();
                return new(scene.Gate.Task);
            },
            Provoke = scene =>
            {
                scene.RunAgain();
                ThreadedLoopHost.Wait(scene.Started);
                scene.Remove();
                scene.Keys.TryAdd(new("a") { OnEquals = scene.Act });
            },
        },
    };

    // On the thread of the scene: a reload also calls the selector on the pool, which would hide the call for the handle.
    private static IRecurringTaskBuilder SelectOn(int thread, IRecurringTaskBuilder task, Scene scene) =>
        task.Every((Key _) =>
        {
            ActIf(Environment.CurrentManagedThreadId == thread, scene);
            return 1000.Seconds;
        });

    private static Point OfHash(Func<IRecurringTaskKeys<Visit, Key>, Key, object?> call) => new()
    {
        Provoke = scene => call(scene.Keys, new("a") { OnHash = scene.Act }),
        IsOfKey = true,
    };

    private static Point OfEquals(Func<IRecurringTaskKeys<Visit, Key>, Key, object?> call) => new()
    {
        Provoke = scene => call(scene.Keys, new("a") { OnEquals = scene.Act }),
        IsOfKey = true,
    };

    private static void ActIf(bool isHostile, Scene scene)
    {
        if (isHostile)
            scene.Act();
    }

    private static async IAsyncEnumerable<Key> Read(Scene scene)
    {
        await Task.CompletedTask;
        yield return new("from the source");
        scene.Act();
    }
}

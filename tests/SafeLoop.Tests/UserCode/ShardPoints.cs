using Microsoft.Extensions.DependencyInjection;
using SafeLoop.Tests.Shards;

namespace SafeLoop.Tests.UserCode;

/// <summary>User code that shards call while they open, are read, and close. They belong to a task of their own.</summary>
internal static class ShardPoints
{
    private const string Name = "sharded", HandedOver = "handed over";

    public static readonly Dictionary<string, Point> All = new()
    {
        ["the source of a shard"] = new()
        {
            Services = (services, scene) => Register(services, scene, onText: static _ => { }, onRead: scene.Act),
            Provoke = static scene => Open(scene),
            IsOfKey = true,
        },
        ["the text of a key whose shard is sought"] = new()
        {
            Services = static (services, scene) =>
                Register(services, scene, onText: static scene => scene.Act(), onRead: static () => { }),
            Provoke = static scene => Open(scene),
            IsOfKey = true,
        },
        ["the text of a key whose shard closes"] = new()
        {
            Services = RegisterLater,
            Provoke = static scene =>
            {
                OpenAndRead(scene);
                scene.Started.Set();
                _ = Shards(scene).CloseAsync(Name, default, TimeSpan.Zero, default);
            },
            IsOfKey = true,
        },
        ["the text of a key in the durable row of a shard"] = new()
        {
            Services = RegisterLater,
            Provoke = static scene =>
            {
                OpenAndRead(scene);
                Assert.Single(KeysOf(scene).Keys).Pause(KeysOf(scene));
                scene.Started.Set();
                Shards(scene).WriteExceptions(Name, default);
            },
            IsOfKey = true,
        },
        ["the schedule of a key that is handed over"] = new()
        {
            Services = static (services, scene) => InCluster(services).AddRecurringTask<HandedOverVisit, string>(HandedOver)
                .Every((string _) => TaskPoints.Then(scene.Act, 1000.Seconds)).InCluster(),
            Provoke = static scene => Open(scene, HandedOver, new ShardMemory("?", [new("a", default)]).Write(Instant.None)),
            IsOfKey = true,
        },
        ["an observer of shards"] = new()
        {
            Services = static (services, scene) =>
            {
                Register(services, scene, onText: static _ => { }, onRead: static () => { });
                services.AddSingleton<IRecurringTaskObserver>(new ShardObserver(scene));
            },
            Provoke = static scene => Open(scene),
            IsOfKey = true,
        },
    };

    private static IRecurringTaskShards Shards(Scene scene) => scene.Host.Services.GetRequiredService<IRecurringTaskShards>();

    private static IRecurringTaskKeys<ShardVisit, Key> KeysOf(Scene scene) =>
        scene.Host.Services.GetRequiredService<IRecurringTaskKeys<ShardVisit, Key>>();

    private static void Pause(this Key key, IRecurringTaskKeys<ShardVisit, Key> keys) => keys.Find(key)!.Pause();

    private static Task Open(Scene scene, string task = Name, byte[]? memory = null)
    {
        var lease = Shards(scene).CreateLease(TimeSpan.FromDays(365));
        return Shards(scene).OpenAsync(new() { TaskName = task, Epoch = 1, Lease = lease, Memory = memory }, default);
    }

    private static void OpenAndRead(Scene scene)
    {
        Open(scene).Wait();
        scene.AdvanceUntil(TimeSpan.Zero, () => KeysOf(scene).Count == 1);
    }

    private static void RegisterLater(IServiceCollection services, Scene scene) => Register(
        services,
        scene,
        onText: static scene =>
        {
            if (scene.Started.IsSet)
                scene.Act();
        },
        onRead: static () => { });

    private static void Register(IServiceCollection services, Scene scene, Action<Scene> onText, Action onRead) =>
        InCluster(services).AddRecurringTask<ShardVisit, Key>(Name).Every(1000.Seconds).InCluster()
            .KeysFrom<Key>((_, _, _) => Read(new("a") { OnText = () => onText(scene) }, onRead), 1000.Seconds);

    private static IServiceCollection InCluster(IServiceCollection services) =>
        services.AddSingleton<IRecurringTaskCluster, UnusedCluster>();

    private static async IAsyncEnumerable<Key> Read(Key key, Action onRead)
    {
        await Task.CompletedTask;
        yield return key;
        onRead();
    }

    private sealed class ShardVisit : IRecurringTask<Key>
    {
        public ValueTask RunAsync(Key key, Iteration iteration, CancellationToken cancellationToken) => default;
    }

    private sealed class HandedOverVisit : IRecurringTask<string>
    {
        public ValueTask RunAsync(string key, Iteration iteration, CancellationToken cancellationToken) => default;
    }

    private sealed class ShardObserver(Scene scene) : IRecurringTaskObserver
    {
        public void OnEvent(in LoopEvent e)
        {
            if (e.Kind is LoopEventKind.ShardOpened)
                scene.Act();
        }
    }
}

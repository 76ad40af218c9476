using System.Globalization;
using SafeLoop.Cluster.Nodes;

namespace SafeLoop.Cluster.Running;

/// <summary>What happens to a cluster.</summary>
/// <param name="Id">Its id on the command line.</param>
/// <param name="Name">Its name in the table.</param>
/// <param name="Silos">The number of silos before it.</param>
/// <param name="HappenAsync">Makes it happen, until it is over.</param>
internal sealed record Fault(string Id, string Name, int Silos, Func<Session, OwnersWatch, Task> HappenAsync)
{
    public const string Kill = "kill", Add = "add", Stop = "term", Freeze = "freeze";
    public const string BriefSilence = "store2", LongSilence = "store8", Busy = "cpu";

    private static readonly TimeSpan HalfMinute = TimeSpan.FromSeconds(30);

    /// <summary>All of them, in an order in which few silos have to be started.</summary>
    public static IReadOnlyList<Fault> All { get; } =
    [
        new(Kill, "kill -9", 3, (session, watch) =>
        {
            watch.Begin();
            return session.Live[0].KillAsync();
        }),
        new(Add, "a silo is added", 2, async (session, watch) =>
        {
            await session.AddAsync(NodeKind.Silo);
            watch.Begin();
        }),
        new(Stop, "SIGTERM", 3, (session, watch) =>
        {
            watch.Begin();
            return session.Live[0].StopAsync();
        }),
        new(Freeze, "SIGSTOP for 30 s", 3, async (session, watch) =>
        {
            var silo = session.Live[0];
            watch.Begin();
            await silo.FreezeAsync();
            await Task.Delay(HalfMinute);
            watch.Mark();
            await silo.ThawAsync();
        }),
        new(BriefSilence, "store silent for 2 s", 3, (session, watch) => SilenceAsync(session, watch, 2)),
        new(LongSilence, "store silent for 8 s", 3, (session, watch) => SilenceAsync(session, watch, 8)),
        new(Busy, "full CPU on a silo for 30 s", 3, async (session, watch) =>
        {
            watch.Begin();
            await session.Live[0].AskAsync(string.Create(
                CultureInfo.InvariantCulture, $"{NodeCommand.Burn} {HalfMinute.TotalSeconds:0}"));
            await Task.Delay(HalfMinute);
        }),
    ];

    private static async Task SilenceAsync(Session session, OwnersWatch watch, int seconds)
    {
        session.Redis.Freeze();
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        session.Redis.Thaw();
        watch.Begin();
    }
}

using System.Globalization;
using Medallion.Threading;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Locks.Benchmarks;

/// <summary>
/// Take and give back, one after the other: bare, watched as SafeLoop promises to watch, and
/// through SafeLoop without and with a fence.
/// </summary>
internal static class Comparison
{
    public static async Task RunAsync(BackEnd backEnd, TimeSpan hold, int perRound, int rounds)
    {
        var unfenced = Locks(backEnd.Locks, null);
        var fenced = Locks(backEnd.Locks, backEnd.Fences);
        (string Name, Func<Task> Turn)[] contestants =
        [
            ("bare", () => BareAsync(backEnd.Locks, hold)),
            ("bare, HandleLostToken watched", () => WatchedAsync(backEnd.Locks, hold)),
            ("bare, and a fence by hand", () => FencedByHandAsync(backEnd, hold)),
            ("SafeLoop without fences", () => LeaseAsync(unfenced, hold)),
            ("SafeLoop", () => LeaseAsync(fenced, hold)),
            ("SafeLoop, and its slot recorded", () => RecordedAsync(fenced, hold)),
            .. OwnPool(backEnd, hold),
        ];
        var times = contestants.ToDictionary(contestant => contestant.Name, _ => new List<double>());
        for (var round = -2; round < rounds; round++) // two to warm up
        {
            Random.Shared.Shuffle(contestants); // so that none always runs after the same one
            foreach (var (name, turn) in contestants)
            {
                var began = TimeProvider.System.GetTimestamp();
                for (var n = 0; n < perRound; n++)
                    await turn();
                if (round >= 0)
                    times[name].Add(TimeProvider.System.GetElapsedTime(began).TotalMicroseconds / perRound);
            }
        }

        Console.WriteLine($"| {backEnd.Name}, held for {hold.TotalMilliseconds} ms | per second | µs each | beside bare | beside "
            + "bare with a fence |\n|---|---:|---:|---:|---:|");
        var (bare, byHand) = (Median(times["bare"]), Median(times["bare, and a fence by hand"]));
        foreach (var name in times.Keys)
        {
            var each = Median(times[name]);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {name} | {1e6 / each:0} | {each:0} | {each / bare:0.00} × | {each / byHand:0.00} × |"));
        }
        Console.WriteLine();
    }

    private static IEnumerable<(string Name, Func<Task> Turn)> OwnPool(BackEnd backEnd, TimeSpan hold)
    {
        if (backEnd.OwnPool is not { } fences)
            yield break;
        var locks = Locks(backEnd.Locks, fences);
        yield return ("SafeLoop, fences on a pool that is not reset", () => LeaseAsync(locks, hold));
    }

    private static async Task BareAsync(IDistributedLockProvider locks, TimeSpan hold)
    {
        await using var handle = await locks.CreateLock("bare").TryAcquireAsync();
        await HoldAsync(hold);
    }

    private static async Task WatchedAsync(IDistributedLockProvider locks, TimeSpan hold)
    {
        await using var handle = await locks.CreateLock("watched").TryAcquireAsync();
        await using var watch = handle!.HandleLostToken.Register(() => { });
        await HoldAsync(hold);
    }

    private static async Task FencedByHandAsync(BackEnd backEnd, TimeSpan hold)
    {
        await using var handle = await backEnd.Locks.CreateLock("by hand").TryAcquireAsync();
        await backEnd.Fences.NextAsync("by hand", null, default);
        await HoldAsync(hold);
    }

    private static async Task LeaseAsync(ILoopLockProvider locks, TimeSpan hold)
    {
        await using var lease = await locks.TryAcquireAsync(new() { Name = "safeloop" }, default);
        await HoldAsync(hold);
    }

    private static async Task RecordedAsync(ILoopLockProvider locks, TimeSpan hold)
    {
        await using var lease = await locks.TryAcquireAsync(new() { Name = "recorded", TaskName = "task" }, default);
        await HoldAsync(hold);
        await lease!.RecordAsync(DateTimeOffset.UnixEpoch, default);
    }

    private static Task HoldAsync(TimeSpan hold) =>
        hold > TimeSpan.Zero ? Task.Delay(hold, TimeProvider.System) : Task.CompletedTask;

    private static ILoopLockProvider Locks(IDistributedLockProvider locks, IFenceStore? fences) =>
        new ServiceCollection().AddRecurringTaskLocks(locks, fences).BuildServiceProvider()
            .GetRequiredService<ILoopLockProvider>();

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}

using System.Globalization;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Locks;

/// <summary>
/// A loop that finds its lock held by itself: by its own rest, by its own other iteration, or by what is left of a lease it lost.
/// </summary>
public class OwnLockTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ScriptedLocks _locks = new();
    private TaskCompletionSource _gate = new();

    [Fact]
    public void A_lock_kept_for_its_own_minimum_time_does_not_end_the_loop()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("task", (_, _) => default).WithDelay(Second * 2)
            .WithLock("lock", LockHeld.Stop, atLeastFor: Second * 5));
        host.Advance(Second * 6);

        Assert.Null(host["task"].Snapshot().End);
        Assert.Equal(["Succeeded", "LockHeld", "LockHeld", "Succeeded"], Ends(host));
    }

    [Fact]
    public void A_lock_kept_for_the_minimum_time_of_another_task_is_held_elsewhere()
    {
        using var host = LoopHost.Run(services =>
        {
            services.AddRecurringTask("holder", (_, _) => default).WithDelay(Second * 100)
                .WithLock("lock", atLeastFor: Second * 5);
            services.AddRecurringTask("task", (_, _) => default).WithDelay(Second).StartAfter(Second)
                .WithLock("lock", LockHeld.Stop);
        });
        host.Advance(Second * 2);

        Assert.Equal(LoopEnd.LockHeld, host.EndOf("task"));
    }

    [Fact]
    public void A_lock_of_its_own_other_iteration_does_not_end_the_loop()
    {
        using var host = LoopHost.Run(services => services
            .AddRecurringTask("task", (_, _) => new(_gate.Task)).Every(Second).OnOverlap(Overlap.Allow)
            .WithLock("lock", LockHeld.Stop));
        host.Advance(Second * 2);
        host.Release(_gate);

        Assert.Null(host["task"].Snapshot().End);
        Assert.Equal(["LockHeld", "LockHeld", "Succeeded"], Ends(host));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_is_left_of_a_lease_whose_release_failed_or_hangs_does_not_end_the_loop(bool hangs)
    {
        _locks.Release = () => hangs ? new(new TaskCompletionSource().Task) : throw new IOException("connection is broken");
        using var host = Run(task => task.WithDelay(Second * 40).WithLock("lock", LockHeld.Stop));
        host.Advance(Second * 30);
        _locks.Acquire = (_, _) => new(false);
        host.Advance(Second * 80);
        Assert.Null(host["task"].Snapshot().End);

        (_locks.Acquire, _locks.Release) = ((_, _) => new(true), () => default);
        host.Advance(Second * 40);
        Assert.Equal("Succeeded", Ends(host)[^1]);

        _locks.Acquire = (_, _) => new(false); // what the loop has given back since is no longer its own
        host.Advance(Second * 40);
        Assert.Equal(LoopEnd.LockHeld, host.EndOf("task"));
    }

    [Fact]
    public void A_lost_lock_that_cannot_be_released_is_reported_once()
    {
        using var lost = new CancellationTokenSource();
        _locks.Lost = () => lost.Token;
        _locks.Release = () => throw new IOException("connection is broken");
        using var host = Run(task => task.WithDelay(Second * 40).WithLock("lock"), token => new(_gate.Task.WaitAsync(token)));
        lost.Cancel();
        host.WaitFor(LoopEventKind.IterationEnded, 1);

        Assert.Equal(["LockLost"], Ends(host));
        Assert.Empty(host.Faults());
    }

    [Fact]
    public void A_lock_given_after_a_time_limit_has_struck_is_given_back_at_once_and_its_slot_is_not_recorded()
    {
        var given = new TaskCompletionSource<bool>();
        _locks.Acquire = (_, _) => new(given.Task);
        using var host = Run(task => task.Cron("* * * * *").WithTimeout(Second * 5).WithLock("lock", atLeastFor: Second * 50));
        host.Advance(Second * 70);
        given.SetResult(true);
        host.WaitFor(LoopEventKind.IterationEnded, 1);

        Assert.Equal(["TimedOut"], Ends(host));
        Assert.Empty(_locks.Recorded);
        Assert.Equal("release 70", _locks.Journal[^1]);
    }

    [Fact]
    public void A_request_names_the_minimum_time_so_that_the_lease_the_provider_chooses_is_no_shorter()
    {
        LoopLockRequest? asked = null;
        _locks.Acquire = (request, _) =>
        {
            asked = request;
            return new(true);
        };
        using var host = Run(task => task.WithDelay(Second).WithLock("lock", atLeastFor: Second * 55));

        Assert.Equal((null, Second * 55), (asked!.Value.AtMostFor, asked.Value.AtLeastFor));
    }

    [Fact]
    public void The_lock_of_a_key_has_the_same_name_in_every_culture()
    {
        var names = new List<string>();
        _locks.Acquire = (request, _) =>
        {
            names.Add(request.Name);
            return new(true);
        };
        foreach (var minus in (string[])["-", "\u2212"]) // as in English and in Swedish
        {
            var before = CultureInfo.CurrentCulture;
            var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            culture.NumberFormat.NegativeSign = minus;
            CultureInfo.CurrentCulture = culture;
            using var host = Run(
                _ => { }, configure: services => services.AddRecurringTask<Numbered, int>().Every(Second).WithLock("lock"));
            host.Services.GetRequiredService<IRecurringTaskKeys<Numbered, int>>().TryAdd(-1);
            host.Settle();
            CultureInfo.CurrentCulture = before;
        }

        Assert.Equal(["lock/-1", "lock/-1"], names);
    }

    private static string[] Ends(LoopHost host) =>
        [.. host.Records().Select(record => record.Reason is OutcomeReason.None ? $"{record.Outcome}" : $"{record.Reason}")];

    private LoopHost Run(
        Action<IRecurringTaskBuilder> task, Func<CancellationToken, ValueTask>? step = null,
        Action<IServiceCollection>? configure = null)
    {
        var host = new LoopHost(services =>
        {
            services.AddSingleton<ILoopLockProvider>(_locks);
            if (configure is null)
                task(services.AddRecurringTask("task", (_, token) => step?.Invoke(token) ?? default));
            configure?.Invoke(services);
        });
        _locks.Time = host.Clock;
        host.StartHost();
        return host;
    }

    private sealed class Numbered : IRecurringTask<int>
    {
        public ValueTask RunAsync(int key, Iteration iteration, CancellationToken cancellationToken) => default;
    }
}

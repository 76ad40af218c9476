using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Keys;

/// <summary>
/// Keys, observers and policies that throw, block or call back: none of them runs under a lock of the table or of a loop.
/// </summary>
public sealed class HostileKeyTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly ManualResetEventSlim _began = new();
    private readonly ManualResetEventSlim _release = new();

    [Theory]
    [InlineData(LoopEventKind.LoopStarted)]
    [InlineData(LoopEventKind.LoopEnded)]
    public void An_observer_may_ask_for_the_keys_on_another_thread(LoopEventKind kind)
    {
        IRecurringTaskKeys<Visit, Key> keys = null!;
        var counts = new List<int>();
        using var host = Start(onEvent: seen =>
        {
            if (seen == kind)
                counts.Add(Within(() => keys.Count));
        });
        keys = Of(host);
        keys.TryAdd(new("a"));
        Assert.True(Within(() => keys.TryRemove(new("a"))));

        Assert.Equal([kind is LoopEventKind.LoopStarted ? 1 : 0], counts);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_hash_that_throws_half_way_loses_no_loop(int call)
    {
        using var host = Start();
        var keys = Of(host);
        keys.TryAdd(new("a"));
        var calls = 0;
        var hostile = new Key("a") { OnHash = () => { if (++calls == call) throw new InvalidOperationException("hash"); } };

        var removed = true;
        try
        {
            removed = keys.TryRemove(hostile);
        }
        catch (InvalidOperationException)
        {
            removed = false;
        }

        Assert.Equal(removed ? 0 : 1, keys.Count);
        Assert.Equal(removed ? 1 : 0, host.Observer.Of(LoopEventKind.LoopEnded).Count);
        Assert.Equal(removed, keys.TryAdd(new("a")));
        Assert.Equal(1, keys.Count);
    }

    [Fact]
    public void A_comparison_that_throws_changes_nothing_in_any_member()
    {
        using var host = Start();
        var keys = Of(host);
        keys.TryAdd(new("a"));
        Key Hostile() => new("a") { OnEquals = () => throw new InvalidOperationException("equals") };

        Assert.Throws<InvalidOperationException>(() => keys.TryAdd(Hostile()));
        Assert.Throws<InvalidOperationException>(() => keys.TryRemove(Hostile()));
        Assert.Throws<InvalidOperationException>(() => keys.Contains(Hostile()));
        Assert.Throws<InvalidOperationException>(() => keys.Find(Hostile()));

        Assert.Equal(1, keys.Count);
        Assert.Empty(host.Observer.Of(LoopEventKind.LoopEnded));
        Assert.True(keys.TryRemove(new("a")));
    }

    [Theory]
    [InlineData("add")]
    [InlineData("remove")]
    [InlineData("contains")]
    public void A_hash_or_comparison_that_blocks_holds_up_no_other_call(string member)
    {
        using var host = Start();
        var keys = Of(host);
        keys.TryAdd(new("a"));
        var blocking = new Key("a") { OnEquals = Block };
        var call = Task.Run(() => member switch
        {
            "add" => keys.TryAdd(blocking),
            "remove" => keys.TryRemove(blocking),
            _ => keys.Contains(blocking),
        });
        ThreadedLoopHost.Wait(_began);

        Assert.Equal(1, Within(() => keys.Count));
        Assert.True(Within(() => keys.TryAdd(new("b"))));
        Assert.True(Within(() => keys.TryRemove(new("b"))));
        _release.Set();
        ThreadedLoopHost.Wait(call);
    }

    [Fact]
    public void A_comparison_that_calls_back_sees_no_half_changed_table()
    {
        using var host = Start();
        var keys = Of(host);
        keys.TryAdd(new("a"));
        var added = keys.TryAdd(new("a") { OnEquals = () => keys.TryRemove(new("a")) });

        Assert.True(added); // it was there when it was compared, and is not any more
        Assert.Equal(1, keys.Count);
    }

    [Fact]
    public void Of_keys_with_one_hash_each_is_its_own()
    {
        using var host = Start();
        var keys = Of(host);
        for (var n = 0; n < 50; n++)
            Assert.True(keys.TryAdd(new($"{n}") { HasPoorHash = true }));
        for (var n = 0; n < 50; n++)
            Assert.False(keys.TryAdd(new($"{n}") { HasPoorHash = true }));
        for (var n = 0; n < 50; n += 2)
            Assert.True(keys.TryRemove(new($"{n}") { HasPoorHash = true }));

        Assert.Equal(25, keys.Count);
        Assert.Equal(
            Enumerable.Range(0, 50).Select(n => n % 2 == 1),
            Enumerable.Range(0, 50).Select(n => keys.Contains(new($"{n}") { HasPoorHash = true })));
    }

    [Fact]
    public void Of_threads_that_add_and_remove_the_same_keys_each_change_succeeds_once()
    {
        using var host = Start();
        var keys = Of(host);
        var (added, removed) = (0, 0);
        Parallel.For(0, 4, worker =>
        {
            var random = new Random(worker);
            for (var n = 0; n < 2_000; n++)
            {
                var key = new Key($"{random.Next(5)}") { HasPoorHash = true };
                if (random.Next(2) == 0)
                    Interlocked.Add(ref added, keys.TryAdd(key) ? 1 : 0);
                else
                    Interlocked.Add(ref removed, keys.TryRemove(key) ? 1 : 0);
            }
        });

        Assert.Equal(keys.Count, added - removed);
        Assert.Equal(keys.Count, keys.Keys.Select(key => key.Name).Distinct().Count());
        Assert.Equal(
            keys.Count, host.Observer.Of(LoopEventKind.LoopStarted).Count - host.Observer.Of(LoopEventKind.LoopEnded).Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_key_whose_text_throws_runs_and_is_not_spread(bool isAddedBefore)
    {
        var start = new Key("a") { OnText = () => throw new InvalidOperationException("text") };
        using var host = new LoopHost(services => services.AddRecurringTask<Visit, Key>().Every(Second * 10).Spread());
        var keys = host.Services.GetRequiredService<IRecurringTaskKeys<Visit, Key>>();
        if (isAddedBefore)
            keys.TryAdd(start);
        host.StartHost();
        if (!isAddedBefore)
            Assert.True(keys.TryAdd(start));
        host.Advance(Second * 25);

        Assert.Equal(3, host.Records().Count(record => record.Outcome is IterationOutcome.Succeeded));
        Assert.Contains(
            host.Observer.Of(LoopEventKind.Fault),
            fault => fault.Text == "The text of its key threw, so its slots are not spread.");
    }

    [Fact]
    public void The_text_of_a_key_that_blocks_holds_up_no_other_key()
    {
        using var host = Start(task => task.Spread());
        var keys = Of(host);
        var texts = 0;
        var blocked = Task.Run(() => keys.TryAdd(new("a")
        {
            OnText = () =>
            {
                if (Interlocked.Increment(ref texts) == 2) // first the log, then the phase
                    Block();
            },
        }));
        ThreadedLoopHost.Wait(_began);

        Assert.True(Within(() => keys.TryAdd(new("b"))));
        Assert.True(Within(() => keys.TryRemove(new("a"))));
        _release.Set();
        ThreadedLoopHost.Wait(blocked);
        Assert.Equal(["b"], keys.Keys.Select(key => key.Name));
        Assert.Single(host.Observer.Of(LoopEventKind.LoopEnded));
    }

    [Fact]
    public async Task A_text_that_blocks_while_its_key_gets_a_runner_holds_up_neither_others_nor_its_removal()
    {
        using var host = Start(task => task.Spread());
        var keys = Of(host);
        var isHostile = false;
        keys.TryAdd(new("a")
        {
            OnText = () =>
            {
                if (Interlocked.Exchange(ref isHostile, false))
                    Block();
            },
        });
        Assert.True(SpinWait.SpinUntil(() => keys.Find(new("a"))!.Snapshot().NextSlot is not null, ThreadedLoopHost.Patience));
        isHostile = true;
        var pause = Task.Run(() => keys.Find(new("a"))!.Pause());
        ThreadedLoopHost.Wait(_began);

        Assert.Equal(1, Within(() => keys.Count));
        Assert.True(Within(() => keys.TryAdd(new("b"))));
        Assert.True(Within(() => keys.TryRemove(new("a"))));
        _release.Set();
        await Task.WhenAny(pause).WaitAsync(ThreadedLoopHost.Patience);
        Assert.Single(host.Observer.Of(LoopEventKind.LoopEnded));
    }

    [Fact]
    public void A_policy_that_blocks_for_one_key_holds_up_no_other_key()
    {
        using var host = Start(task => task.DelayBy(new FirstBlocks(Block)), schedule: false);
        var keys = Of(host);
        var blocked = Task.Run(() => keys.TryAdd(new("a")));
        ThreadedLoopHost.Wait(_began);

        Assert.True(Within(() => keys.TryAdd(new("b"))));
        Assert.True(Within(() => keys.TryRemove(new("a"))));
        _release.Set();
        ThreadedLoopHost.Wait(blocked);
        Assert.Equal(["b"], keys.Keys.Select(key => key.Name));
    }

    [Fact]
    public void Options_whose_exclusion_blocks_hold_up_neither_a_stop_nor_a_snapshot()
    {
        using var host = ThreadedLoopHost.Run(services => services.AddRecurringTask("task", Steps.None).Every(Second * 1000));
        var change = Task.Run(
            () => host["task"].ChangeAsync(options => options.Exclusions.Add(Exclusion.Dates(_ => { Block(); return false; }))));
        ThreadedLoopHost.Wait(_began);

        Assert.NotNull(Within(() => host["task"].Snapshot()));
        Within(() => { host["task"].Stop(); return 0; });
        ThreadedLoopHost.Wait(host["task"].Completion);
        _release.Set();
        ThreadedLoopHost.Wait(change);
    }

    [Fact]
    public void A_reload_whose_options_block_holds_up_no_other_reload_and_the_last_one_counts()
    {
        var (period, block) = (1000.Seconds, false);
        using var host = ThreadedLoopHost.Run(services => services.AddRecurringTask("task", Steps.None).Every(period)
            .Configure(options =>
            {
                if (Interlocked.Exchange(ref block, false))
                    Block();
                options.Every = period;
            }));
        var configuration = (IConfigurationRoot)host.Services.GetRequiredService<IConfiguration>();
        block = true;
        var first = Task.Run(configuration.Reload);
        ThreadedLoopHost.Wait(_began);

        period = 2000.Seconds;
        Within(() => { configuration.Reload(); return 0; });
        period = 3000.Seconds;
        _release.Set();
        ThreadedLoopHost.Wait(first);

        Assert.Equal(3000.Seconds, host["task"].Options.Every);
    }

    public void Dispose() => _release.Set();

    private static IRecurringTaskKeys<Visit, Key> Of(ThreadedLoopHost host) =>
        host.Services.GetRequiredService<IRecurringTaskKeys<Visit, Key>>();

    private static T Within<T>(Func<T> call)
    {
        var task = Task.Run(call);
        Assert.True(task.Wait(ThreadedLoopHost.Patience), "It did not answer.");
        return task.Result;
    }

    private static ThreadedLoopHost Start(
        Action<IRecurringTaskBuilder>? configure = null, Action<LoopEventKind>? onEvent = null, bool schedule = true) =>
        ThreadedLoopHost.Run(services =>
    {
        if (onEvent is not null)
            services.AddSingleton<IRecurringTaskObserver>(new Listener(onEvent));
        var task = services.AddRecurringTask<Visit, Key>();
        if (schedule)
            task.Every(Second * 1000).StartAfter(Second * 1000);
        configure?.Invoke(task);
    });

    private void Block()
    {
        _began.Set();
        Assert.True(_release.Wait(ThreadedLoopHost.Patience));
    }

    private sealed record Key(string Name)
    {
        public Action? OnHash { get; init; }

        public Action? OnEquals { get; init; }

        public Action? OnText { get; init; }

        public bool HasPoorHash { get; init; }

        public bool Equals(Key? other)
        {
            OnEquals?.Invoke();
            return other?.Name == Name;
        }

        public override int GetHashCode()
        {
            OnHash?.Invoke();
            return HasPoorHash ? 7 : Name.GetHashCode(StringComparison.Ordinal);
        }

        public override string ToString()
        {
            OnText?.Invoke();
            return Name;
        }
    }

    [SuppressMessage("Performance", "CA1812", Justification = "Made by the container.")]
    private sealed class Visit : IRecurringTask<Key>
    {
        public ValueTask RunAsync(Key key, Iteration iteration, CancellationToken cancellationToken) => default;
    }

    private sealed class FirstBlocks(Action block) : IDelayPolicy
    {
        private int _asked;

        public DateTimeOffset? Next(LoopHistory history, DateTimeOffset now)
        {
            if (Interlocked.Increment(ref _asked) == 1)
                block();
            return now + Second * 1000;
        }
    }

    private sealed class Listener(Action<LoopEventKind> onEvent) : IRecurringTaskObserver
    {
        public void OnEvent(in LoopEvent loopEvent) => onEvent(loopEvent.Kind);
    }
}

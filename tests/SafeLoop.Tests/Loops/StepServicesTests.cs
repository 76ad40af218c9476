using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Loops;

/// <summary>What steps get from dependency injection, and for how long.</summary>
public class StepServicesTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void Each_iteration_has_a_scope_of_its_own_which_is_disposed_when_its_last_step_has_ended()
    {
        var seen = new List<Tracked>();
        var gate = new TaskCompletionSource();
        using var host = LoopHost.Run(services => services.AddScoped<Tracked>().AddRecurringTask("scoped")
            .Step<Tracked>("one", async (tracked, _, _) => { seen.Add(tracked); await gate.Task; })
            .Step<Tracked>("two", (tracked, _, _) =>
            {
                seen.Add(tracked);
                Assert.False(tracked.IsDisposed);
                return ValueTask.CompletedTask;
            })
            .Every(Second));

        Assert.False(seen[0].IsDisposed);
        host.Release(gate);
        Assert.Same(seen[0], seen[1]);
        Assert.True(seen[0].IsDisposed);

        host.Advance(Second);
        Assert.NotSame(seen[0], seen[2]);
        Assert.Equal(IterationOutcome.Succeeded, host.Records()[1].Outcome);
    }

    [Fact]
    public void The_scope_of_an_iteration_that_failed_is_disposed_too()
    {
        var seen = new List<Tracked>();
        using var host = LoopHost.Run(services => services.AddScoped<Tracked>().AddRecurringTask("scoped")
            .Step<Tracked>("one", (tracked, _, _) => { seen.Add(tracked); throw new FormatException(); })
            .Every(Second));

        Assert.True(Assert.Single(seen).IsDisposed);
    }

    [Fact]
    public void A_scope_whose_disposal_throws_makes_the_iteration_failed()
    {
        using var host = LoopHost.Run(services => services.AddScoped<Undisposable>().AddRecurringTask("scoped")
            .Step<Undisposable>("one", (_, _, _) => ValueTask.CompletedTask)
            .Every(Second));
        host.Advance(Second);

        Assert.Equal([IterationOutcome.Failed, IterationOutcome.Failed], host.Records().Select(record => record.Outcome));
        Assert.All(host.Records(), record => Assert.Contains("cannot go", record.Error));
    }

    [Fact]
    public void A_scope_whose_disposal_throws_too_does_not_hide_what_the_step_threw()
    {
        using var host = LoopHost.Run(services => services.AddScoped<Undisposable>().AddRecurringTask("scoped")
            .Step<Undisposable>("one", (_, _, _) => throw new FormatException("the cause"))
            .Every(Second));

        Assert.Equal("FormatException: the cause", Assert.Single(host.Records()).Error);
        Assert.Equal(
            ["FormatException: the cause", "IOException: cannot go"],
            host.Logs.Lines.Select(line => ErrorText.Format(line.Exception)).OfType<string>().Order());
        Assert.Equal(["The services of the iteration's scope could not be disposed."], host.Faults());
    }

    [Fact]
    public void A_dependency_whose_constructor_throws_makes_the_iteration_failed()
    {
        using var host = LoopHost.Run(services => services
            .AddScoped<Tracked>(_ => throw new InvalidOperationException("not today"))
            .AddRecurringTask("scoped").Step<Tracked>("one", (_, _, _) => ValueTask.CompletedTask).Every(Second));
        host.Advance(Second);

        Assert.Equal([IterationOutcome.Failed, IterationOutcome.Failed], host.Records().Select(record => record.Outcome));
    }

    [Fact]
    public void A_singleton_task_is_one_instance_and_resolves_its_dependencies_once()
    {
        var resolved = 0;
        using var host = LoopHost.Run(services => services
            .AddTransient(_ => { resolved++; return new Tracked(); })
            .AddRecurringTask<Counting>().AsSingleton().Every(Second));
        host.Advance(Second * 9);

        Assert.Equal(1, resolved);
        Assert.Equal(10, host["counting"].Snapshot().Succeeded);
        Assert.Equal(10, Counting.LastOf(host).Calls);
        // The application's: no scope is left open.
        Assert.Same(host.Clock, Counting.LastOf(host).Services!.GetRequiredService<TimeProvider>());
    }

    [Fact]
    public void A_class_task_without_AsSingleton_is_a_new_instance_each_time()
    {
        var resolved = 0;
        using var host = LoopHost.Run(services => services
            .AddTransient(_ => { resolved++; return new Tracked(); })
            .AddRecurringTask<Counting>().Every(Second));
        host.Advance(Second * 2);

        Assert.Equal(3, resolved);
        Assert.Equal(1, Counting.LastOf(host).Calls);
    }

    [Fact]
    public void A_step_may_have_two_dependencies()
    {
        (Tracked, TimeProvider)? seen = null;
        using var host = LoopHost.Run(services => services.AddSingleton<Tracked>().AddRecurringTask("two")
            .Step<Tracked, TimeProvider>("one", (tracked, time, _, _) =>
            {
                seen = (tracked, time);
                return ValueTask.CompletedTask;
            })
            .Every(Second));

        Assert.Equal((host.Services.GetRequiredService<Tracked>(), (TimeProvider)host.Clock), seen);
    }

    [Fact]
    public void A_missing_dependency_is_reported_at_start_up_by_task_step_and_type()
    {
        using var host = new LoopHost(services => services.AddRecurringTask("orphan")
            .Step<Tracked>("read", (_, _, _) => ValueTask.CompletedTask).Every(Second));

        var error = Assert.Throws<InvalidRecurringTaskException>(host.StartHost);
        Assert.Contains("'orphan'", error.Message);
        Assert.Contains("'read'", error.Message);
        Assert.Contains(nameof(Tracked), error.Message);
    }

    [Fact]
    public void Nothing_per_iteration_is_retained_while_the_loop_waits_for_the_next()
    {
        var seen = new List<WeakReference>();
        using var host = LoopHost.Run(services => services.AddScoped<Tracked>().AddRecurringTask("nightly")
            .Step<Tracked>("load", (tracked, _, _) => { seen.Add(new WeakReference(tracked)); return ValueTask.CompletedTask; })
            .Every(TimeSpan.FromDays(1)));
        host.Advance(TimeSpan.FromDays(1));

        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.Equal(2, seen.Count);
        Assert.All(seen, tracked => Assert.False(tracked.IsAlive));
    }

    private sealed class Tracked : IDisposable
    {
        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }

    private sealed class Undisposable : IDisposable
    {
        public void Dispose() => throw new IOException("cannot go");
    }

    private sealed class Counting : IRecurringTask
    {
        private static readonly System.Runtime.CompilerServices.ConditionalWeakTable<TimeProvider, Counting> Last = [];

        private readonly TimeProvider _time;

        public Counting(Tracked tracked, TimeProvider time)
        {
            _time = time;
            ArgumentNullException.ThrowIfNull(tracked);
        }

        public int Calls { get; private set; }

        public IServiceProvider? Services { get; private set; }

        public static Counting LastOf(LoopHost host) =>
            Last.TryGetValue(host.Clock, out var last) ? last : throw new InvalidOperationException();

        public ValueTask RunAsync(Iteration iteration, CancellationToken cancellationToken)
        {
            (Calls, Services) = (Calls + 1, iteration.Services);
            Last.AddOrUpdate(_time, this);
            return ValueTask.CompletedTask;
        }
    }
}

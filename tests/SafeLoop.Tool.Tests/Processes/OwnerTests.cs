using SafeLoop.Tool.Tests.Support;

namespace SafeLoop.Tool.Tests.Processes;

/// <summary>Programs that hold memory, each in a way of its own: who holds it, in one line, and what to do.</summary>
public class OwnerTests
{
    private const int Many = 6_000;

    [Theory]
    [InlineData("StaticDictionary", "static Targets.Shapes.StaticDictionary._items → ConcurrentDictionary → 9,000 × Byte[]",
        "a static collection")]
    [InlineData("AmongGarbage", "static Targets.Shapes.AmongGarbage._kept → List → 9,000 × Byte[]", "a static collection")]
    [InlineData("GenericStatic",
        "static Targets.Shapes.GenericStatic.Registry<TValue>.Entries → Dictionary → 9,000 × Byte[]", "a static collection")]
    [InlineData(
        "EventHandlers",
        "static Targets.Shapes.EventHandlers.Changed → EventHandler → 9,000 × Targets.Shapes.EventHandlers.ViewModel",
        "event handlers on a long-lived publisher")]
    [InlineData(
        "Registrations",
        "static Targets.Shapes.Registrations._stopping → CancellationTokenSource → 9,000 × Targets.Shapes.Registrations.Request",
        "registrations with a cancellation token never disposed")]
    [InlineData(
        "LinkedSources",
        "static Targets.Shapes.LinkedSources._shutdown → CancellationTokenSource → 9,000 × "
        + "Targets.Shapes.LinkedSources (closure)",
        "linked token sources never disposed")]
    [InlineData(
        "UndisposedTimers",
        "static System.Threading.TimerQueue.Instances → TimerQueue[] → 9,000 × Targets.Shapes.UndisposedTimers.Poller",
        "timers never disposed")]
    [InlineData("AsyncLocals", "ExecutionContext → 9,000 × Byte[]", "AsyncLocal values that grow")]
    [InlineData(
        "PendingDelays",
        "static System.Threading.TimerQueue.Instances → TimerQueue[] → 9,000 × Targets.Shapes.PendingDelays.WaitAsync",
        "pending delays")]
    [InlineData("UnreadChannel", "→ 9,000 × Targets.Shapes.UnreadChannel.Order", "a queue that is not emptied")]
    [InlineData("Singleton", "Targets.Shapes.Singleton.Audit → List → 9,000 × Byte[]", null)]
    [InlineData("RootTransients", "→ 9,000 × Targets.Shapes.RootTransients.Session",
        "disposable services resolved from the root provider")]
    [InlineData("BlockedFinalizer", "finalizer queue → 9,000 × Targets.Shapes.BlockedFinalizer.Native",
        "a backlog of finalizers")]
    [InlineData("Handles", "GC handle → 9,000 × Targets.Shapes.Handles.Request", "GC handles never freed")]
    [InlineData("Clients", "static Targets.Shapes.Clients._clients → List → 9,000 × HttpClient → 9,000 × String",
        "an HttpClient for each call")]
    public async Task What_grew_from_capture_to_capture_is_a_leak_with_its_owner_and_a_cure(string program, string line,
        string? shape)
    {
        var comparison = await GrowAsync(program);

        Assert.Equal(Verdict.Leak, comparison.Verdict);
        var owner = comparison.Owners[0];
        Assert.EndsWith(line, owner.Line.Replace("8,999", "9,000", StringComparison.Ordinal).Replace("9,001", "9,000",
            StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal((Verdict.Leak, shape, 3), (owner.Verdict, owner.Shape?.Name, owner.Growth!.Bytes.Count));
        Assert.True(owner.RetainedShare > 0.8, owner.Line);
    }

    /// <summary>What weighs more for each call, or is slow to make: fewer do.</summary>
    [Theory]
    [InlineData("TrackedEntities", 2_000, "→ Targets.Shapes.OrderContext → StateManager → 3,000 × Byte[]",
        "a DbContext that lives too long")]
    [InlineData("DbContexts", 240, "→ 360 × Targets.Shapes.OrderContext", "a DbContext for each call, never disposed")]
    [InlineData("Subscriptions", 2_000,
        "static Targets.Shapes.Subscriptions._prices → Subject → 3,000 × Targets.Shapes.Subscriptions (closure)",
        "subscriptions never disposed")]
    [InlineData("LargeBuffers", 40, "stack of Program.Main → Targets.Shapes.LargeBuffers → List → 60 × Byte[]", "large arrays")]
    [InlineData("RxConcat", 8_000, "", "an Rx sequence that subscribes to itself")]
    [InlineData("LinkedClosures", 2_000,
        "static Targets.Shapes.LinkedClosures._sum → 3,001 × Func → 3,000 × Targets.Shapes.LinkedClosures (closure)",
        "closures linked to closures")]
    public async Task Heavier_shapes_are_known_as_well(string program, int count, string line, string shape)
    {
        var owner = (await GrowAsync(program, count)).Owners[0];

        Assert.EndsWith(line, owner.Line, StringComparison.Ordinal);
        Assert.Equal((Verdict.Leak, shape), (owner.Verdict, owner.Shape?.Name));
    }

    [Fact]
    public async Task What_the_array_pool_keeps_is_named()
    {
        using var target = await Target.StartAsync("Release", "PooledBuffers", 40);

        var owner = Diagnoser.Diagnose(target.Capture()).Owners[0];

        Assert.Equal("buffers kept by the array pool", owner.Shape?.Name);
        Assert.InRange(owner.RetainedBytes, 35 << 20, 45 << 20);
    }

    [Fact]
    public async Task A_field_of_a_thread_is_said_to_be_one()
    {
        using var target = await Target.StartAsync("Release", "StaticOfThread", Many);

        var owner = Diagnoser.Diagnose(target.Capture()).Owners[0];

        // The last array may stand in a register, too, and is then not the list's alone.
        Assert.Matches(@"^static of a thread → List → (6,000|5,999) × Byte\[\]$", owner.Line);
        Assert.True(owner.IsOfTheUser);
    }

    [Theory]
    [InlineData("net8.0", "StaticDictionary",
        "static Targets.Shapes.StaticDictionary._items → ConcurrentDictionary → 9,000 × Byte[]")]
    [InlineData("net8.0", "EventHandlers",
        "static Targets.Shapes.EventHandlers.Changed → EventHandler → 9,000 × Targets.Shapes.EventHandlers.ViewModel")]
    [InlineData("net8.0", "UndisposedTimers",
        "static System.Threading.TimerQueue.Instances → TimerQueue[] → 9,000 × Targets.Shapes.UndisposedTimers.Poller")]
    [InlineData("net9.0", "StaticDictionary",
        "static Targets.Shapes.StaticDictionary._items → ConcurrentDictionary → 9,000 × Byte[]")]
    [InlineData("net9.0", "EventHandlers",
        "static Targets.Shapes.EventHandlers.Changed → EventHandler → 9,000 × Targets.Shapes.EventHandlers.ViewModel")]
    [InlineData("net9.0", "UndisposedTimers",
        "static System.Threading.TimerQueue.Instances → TimerQueue[] → 9,000 × Targets.Shapes.UndisposedTimers.Poller")]
    public async Task Older_runtimes_are_read_in_the_same_way(string framework, string program, string line)
    {
        using var target = await Target.StartOlderAsync(framework, program, Many);

        var owner = (await GrowAsync(target)).Owners[0];

        Assert.Equal((Verdict.Leak, line), (owner.Verdict, owner.Line));
    }

    [Theory]
    [InlineData("net8.0")]
    [InlineData("net9.0")]
    public async Task A_chain_is_found_in_older_runtimes(string framework)
    {
        using var target = await Target.StartOlderAsync(framework, "SelfAwait", 20_000);

        var (exitCode, report) = await SafeLoopTool.DiagnoseAsync(target);

        Assert.Equal((ExitCode.Leak, 20_000), (exitCode, Assert.Single(report.Findings).Frames));
        Assert.Equal("Targets.Leaks.SelfAwait.ScheduleUpdatingTask", report.Findings[0].Methods[0].Name);
    }

    [Fact]
    public async Task A_server_s_heaps_are_read_as_one()
    {
        using var target = await Target.StartAsync("Release", "StaticDictionary", Many, new Dictionary<string,
            string> { ["DOTNET_gcServer"] = "1", ["DOTNET_GCHeapCount"] = "2" });

        var owner = (await GrowAsync(target)).Owners[0];

        Assert.Equal((Verdict.Leak, "static Targets.Shapes.StaticDictionary._items → ConcurrentDictionary → 9,000 × Byte[]"),
            (owner.Verdict, owner.Line));
    }

    /// <summary>
    /// Up to three processes: where the collector compacts old objects between two captures, they look replaced, which is known,
    /// and nothing is accused.
    /// </summary>
    private static async Task<Comparison> GrowAsync(string program, int count = Many)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var target = await Target.StartAsync("Release", program, count);
            var comparison = await GrowAsync(target, count);
            if (comparison.Verdict is Verdict.Leak || attempt == 3)
                return comparison;
        }
    }

    /// <summary>Three captures of a program that goes on meanwhile.</summary>
    private static async Task<Comparison> GrowAsync(RunningProgram target, int count = Many) =>
        Comparison.Of(await target.CaptureAsync(3, count / 4), Diagnoser.DefaultMinFrames);
}

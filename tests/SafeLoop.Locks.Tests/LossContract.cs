using System.Threading.Channels;
using LocalServers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using SafeLoop.Tests;

namespace SafeLoop.Locks.Tests;

/// <summary>
/// What a loop does when its lock, its connection or its back-end goes away under it. Real
/// time: each test waits for what must come.
/// </summary>
public abstract class LossContract(BackEnd backEnd) : IDisposable
{
    // So long that it is never the length of the lease that ends an iteration, where a test says nothing else.
    protected static readonly TimeSpan Long = TimeSpan.FromHours(1);
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(2);

    protected TcpProxy Proxy { get; } = new(backEnd.Server.Port);
    private readonly string _lock = Guid.NewGuid().ToString("N");
    private readonly SemaphoreSlim _started = new(0);
    private readonly Channel<bool> _cancelled = Channel.CreateUnbounded<bool>();
    private readonly TaskCompletionSource _finish = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task A_lock_that_the_server_has_dropped_cancels_the_step_and_the_loop_goes_on()
    {
        await using var client = Connected();
        using var host = Run(client.Value, Long);
        await StepStarts();
        backEnd.EndConnections();

        Assert.Equal((IterationOutcome.Interrupted, OutcomeReason.LockLost), End(host, 1));
        await RunsAgain(host);
    }

    [Fact]
    public Task A_step_is_cancelled_within_a_second_of_the_loss_of_its_lock() =>
        IsCancelledWithinASecondOf(backEnd.EndConnections);

    [Fact]
    public async Task A_restart_of_the_server_cancels_the_step_and_the_loop_goes_on()
    {
        await using var client = Connected();
        using var host = Run(client.Value, Long);
        await StepStarts();
        backEnd.Server.Stop();

        Assert.Equal((IterationOutcome.Interrupted, OutcomeReason.LockLost), End(host, 1));
        backEnd.Server.Start();
        await RunsAgain(host);
    }

    [Fact]
    public async Task A_crash_of_the_server_degrades_health_until_it_is_back_and_issues_no_number_twice()
    {
        await using var client = Connected();
        using var host = Run(client.Value, Short);
        await StepStarts();
        var before = await client.Value.Fences.NextAsync("other", null, default);
        backEnd.Server.Kill();

        Assert.Equal(OutcomeReason.LockLost, End(host, 1).Reason);
        Assert.Equal(IterationOutcome.Failed, End(host, 2).Outcome);
        var sick = await Health(host);
        Assert.Equal(HealthStatus.Degraded, sick.Status);
        Assert.Contains("'locked' is failing", sick.Entries.Single().Value.Description);

        backEnd.Server.Start();
        await RunsAgain(host);
        Assert.Equal(HealthStatus.Healthy, (await Health(host)).Status);
        Assert.True((await client.Value.Fences.NextAsync("other", null, default)).Token > before.Token);
    }

    [Fact]
    public async Task A_network_that_hangs_cancels_the_step_before_its_lease_can_have_expired()
    {
        await using var client = Connected();
        using var host = Run(client.Value, Short);
        await StepStarts();
        Proxy.Stall();

        Assert.Equal((IterationOutcome.Interrupted, OutcomeReason.LockLost), End(host, 1));
        Assert.Equal(IterationOutcome.Failed, End(host, 2).Outcome); // an attempt on it ends too
        Assert.Equal(HealthStatus.Degraded, (await Health(host)).Status);
        Proxy.Resume();
        await RunsAgain(host);
    }

    [Fact]
    public async Task A_host_that_stops_gives_its_lock_back_after_its_step_has_ended()
    {
        await using var client = Connected();
        await using var other = Connected();
        var locks = new DistributedLocks(other.Value.Locks, other.Value.Fences, TimeProvider.System);
        var (held, gate) = (new List<bool>(), new TaskCompletionSource());
        using var host = ThreadedLoopHost.Run(
            services => services.AddRecurringTaskLocks(client.Value.Locks, client.Value.Fences)
                .AddRecurringTask("locked", async (_, token) =>
                {
                    _started.Release();
                    await Cancelled(token);
                    await gate.Task;
                }).Every(Long).WithLock(_lock, atMostFor: Short),
            TimeProvider.System);
        await StepStarts();

        var stopped = host.StopHost();
        // Cancelled, but still running: the lock is still ours.
        Assert.Null(await locks.TryAcquireAsync(new() { Name = _lock, AtMostFor = Short }, default));
        gate.SetResult();
        await stopped.WaitAsync(ThreadedLoopHost.Patience);
        await using var next = await locks.TryAcquireAsync(new() { Name = _lock, AtMostFor = Short }, default);
        Assert.NotNull(next);
    }

    public void Dispose()
    {
        if (!backEnd.Server.IsRunning)
            backEnd.Server.Start(); // a test that failed in between is not to fail those after it
        Proxy.Dispose();
        _started.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>
    /// The second is measured by a timer in the same process, which a busy machine delays like everything else. The cancellation
    /// must come first in more than half of the trials. Tests in virtual time cover the cadences.
    /// </summary>
    protected async Task IsCancelledWithinASecondOf(Action fault)
    {
        const int Faults = 7;
        await using var client = Connected();
        using var host = Run(client.Value, Long);
        var inTime = 0;
        for (var n = 0; n < Faults; n++)
        {
            await StepStarts();
            var second = Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
            fault();
            var cancelled = _cancelled.Reader.ReadAsync().AsTask();
            inTime += await Task.WhenAny(cancelled, second) == cancelled ? 1 : 0;
            await cancelled.WaitAsync(ThreadedLoopHost.Patience);
        }

        Assert.True(inTime > Faults / 2, $"The step was cancelled within a second of {inTime} of {Faults} faults.");
        await RunsAgain(host);
    }

    private async Task Cancelled(CancellationToken token)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = token.Register(() =>
        {
            _cancelled.Writer.TryWrite(true);
            cancelled.SetResult();
        });
        await Task.WhenAny(cancelled.Task, _finish.Task);
    }

    private static Task<HealthReport> Health(ThreadedLoopHost host) =>
        host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

    private protected static (IterationOutcome Outcome, OutcomeReason Reason) End(ThreadedLoopHost host, int number)
    {
        host.Observer.WaitFor(LoopEventKind.IterationEnded, number);
        return Ends(host)[number - 1];
    }

    private static (IterationOutcome Outcome, OutcomeReason Reason)[] Ends(ThreadedLoopHost host) =>
        [.. host.Observer.Of(LoopEventKind.IterationEnded).Select(e => (e.Record.Outcome, e.Record.Reason))];

    private protected Connected Connected() => new(backEnd.Connect(Proxy.Port));

    protected async Task StepStarts() =>
        Assert.True(await _started.WaitAsync(ThreadedLoopHost.Patience), "The step did not start.");

    private protected async Task RunsAgain(ThreadedLoopHost host)
    {
        _finish.TrySetResult(); // also for a step that has begun meanwhile
        await StepStarts();
        var ended = SpinWait.SpinUntil(() => Ends(host)[^1].Outcome is IterationOutcome.Succeeded, ThreadedLoopHost.Patience);
        Assert.True(ended, "The loop did not go on.");
        Assert.Empty(host.Observer.Of(LoopEventKind.LoopEnded));
    }

    /// <summary>A step that works until it is cancelled, or the test wants it to end.</summary>
    private protected ThreadedLoopHost Run(LockClient client, TimeSpan atMostFor) => ThreadedLoopHost.Run(
        services =>
        {
            services.AddHealthChecks().AddRecurringTasks();
            services.AddRecurringTaskLocks(client.Locks, client.Fences).AddRecurringTask("locked", async (_, token) =>
            {
                _started.Release();
                await Cancelled(token);
            }).WithDelay(TimeSpan.FromMilliseconds(100)).WithLock(_lock, atMostFor: atMostFor).RequireFencing();
        },
        TimeProvider.System);
}

using Microsoft.Extensions.DependencyInjection;
using static SafeLoop.IterationOutcome;

namespace SafeLoop.Testing.Tests;

/// <summary>
/// Steps that wait, in every way a step may, and the time they then take: exactly what they
/// asked for, wherever their code went on.
/// </summary>
public class FollowedStepTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Hang = TimeSpan.FromMinutes(5); // of real time, against what never comes

    public static TheoryData<string> Ways => [.. Steps.Keys];

    internal static IEnumerable<string> Names => Steps.Keys;

    private static readonly Dictionary<string, Func<TimeProvider, CancellationToken, Task>> Steps = new()
    {
        ["delay"] = async (time, ct) => await Task.Delay(Second * 3, time, ct),
        ["delays"] = async (time, ct) =>
        {
            for (var n = 0; n < 30; n++)
                await Task.Delay(Second / 10, time, ct).ConfigureAwait(n % 2 == 0);
        },
        ["pool"] = async (time, ct) => await Task.Run(async () =>
        {
            await Task.Delay(Second, time, ct).ConfigureAwait(false);
            await Task.Yield();
            await Task.Delay(Second * 2, time, ct).ConfigureAwait(false);
        }, ct),
        ["context"] = async (time, ct) =>
        {
            SynchronizationContext.SetSynchronizationContext(new SynchronizationContext()); // whose continuations go to the pool
            await Task.Delay(Second * 1, time, ct).ConfigureAwait(true);
            await Task.Delay(Second * 2, time, ct).ConfigureAwait(false);
        },
        ["timer"] = async (time, ct) =>
        {
            using var timer = new PeriodicTimer(Second, time);
            for (var n = 0; n < 3; n++)
                await timer.WaitForNextTickAsync(ct);
        },
        ["source"] = async (time, ct) =>
        {
            using var source = new CancellationTokenSource(Second * 3, time);
            await Task.Delay(Second * 5, time, source.Token)
                .ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        },
        ["wait"] = async (time, ct) => await Assert.ThrowsAsync<TimeoutException>(() => new TaskCompletionSource().Task
            .WaitAsync(Second * 3, time, ct)),
        ["parallel"] = async (time, ct) => await Task.WhenAll(Enumerable.Range(1, 30).Select(async n =>
        {
            await Task.Yield();
            await Task.Delay(Second * n / 10, time, ct);
        })),
        ["real work"] = async (time, ct) =>
        {
            using var limit = new CancellationTokenSource(Second, time); // must not strike while the work is done
            await Task.Run(() => Enumerable.Range(0, 1_000_000).Aggregate(0, (sum, n) => unchecked((sum * 31) + n)), ct);
            var file = Path.GetTempFileName();
            await File.WriteAllTextAsync(file, "real", limit.Token);
            File.Delete(file);
            limit.Token.ThrowIfCancellationRequested();
            limit.Dispose();
            await Task.Delay(Second * 3, time, ct);
        },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_step_takes_the_virtual_time_it_asks_for(string way)
    {
        await using var host = await VirtualHost.StartAsync(builder => builder.Services
            .AddRecurringTask("t", (iteration, ct) => Steps[way](iteration.Services.GetRequiredService<TimeProvider>(), ct))
            .WithDelay(Second * 7));
        host.RealTimeLimit = TimeSpan.FromMinutes(5); // of a loaded machine

        await host.AdvanceAsync(Second * 99.5); // ten times 3 + 7, and half a second before the next

        Assert.Equal(Enumerable.Repeat((Succeeded, Second * 3), 10),
            host.Observer.Records().Select(record => (record.Outcome, record.Elapsed)));
        Assert.Equal(Enumerable.Range(0, 10).Select(n => n * 10.0),
            host.Observer.Records().Select(record => (record.Slot - VirtualTime.DefaultStart).TotalSeconds));
    }

    [Fact]
    public async Task A_step_that_is_cancelled_goes_on_in_the_pool_and_is_waited_for()
    {
        await using var host = await VirtualHost.StartAsync(builder => builder.Services.AddRecurringTask(
            "t", async (iteration, ct) =>
            {
                await Task.Delay(Second * 100, iteration.Services.GetRequiredService<TimeProvider>(), ct);
            }).Every(Second * 10).WithTimeout(Second * 4));

        await host.AdvanceAsync(Second * 1000);

        Assert.Equal(Enumerable.Repeat((TimedOut, Second * 4), 100),
            host.Observer.Records().Select(record => (record.Outcome, record.Elapsed)));
    }

    [Fact]
    public async Task A_cancelled_step_with_a_second_wait_that_goes_on_is_waited_for()
    {
        async Task Step(TimeProvider time, CancellationToken ct)
        {
            await Task.WhenAny(Task.Delay(Second * 9, time), Task.Delay(Second * 100, time, ct)).ConfigureAwait(false);
            await Task.Yield();
        }
        await using var host = await VirtualHost.StartAsync(builder => builder.Services
            .AddRecurringTask<TimeProvider>("t", Step).Every(Second * 10).WithTimeout(Second * 4));

        await host.AdvanceAsync(Second * 1000 - Second);

        Assert.Equal(Enumerable.Repeat((TimedOut, Second * 4), 100), Ends(host));
    }

    [Theory]
    [InlineData(10, 10)]
    [InlineData(40, 13)] // reported as stuck 10 seconds after its time limit
    public async Task A_step_that_waits_for_virtual_time_and_ignores_its_token_costs_no_real_time(int seconds, int elapsed)
    {
        await using var host = await VirtualHost.StartAsync(builder => builder.Services
            .AddRecurringTask("t", async (TimeProvider time, CancellationToken _) => await Task.Delay(Second * seconds, time))
            .Every(Second * 60).WithTimeout(Second * 3));

        await host.AdvanceAsync(TimeSpan.FromHours(6) - Second).WaitAsync(Hang);

        Assert.Equal(360, host.Outcomes().Count);
        Assert.Equal((TimedOut, Second * elapsed), Ends(host).Distinct().Single());
    }

    [Fact]
    public async Task Iterations_beside_each_other_that_ignore_their_tokens_cost_no_real_time()
    {
        await using var host = await VirtualHost.StartAsync(builder => builder.Services
            .AddRecurringTask("t", async (TimeProvider time, CancellationToken _) => await Task.Delay(Second * 10, time))
            .Every(Second).OnOverlap(Overlap.Allow, 20).WithTimeout(Second * 3));

        await host.AdvanceAsync(Second * 400).WaitAsync(Hang);

        Assert.Equal(391, host.Outcomes().Count);
        Assert.Equal((TimedOut, Second * 10), Ends(host).Distinct().Single());
    }

    [Fact]
    public async Task Iterations_beside_each_other_are_all_followed()
    {
        await using var host = await VirtualHost.StartAsync(builder => builder.Services.AddRecurringTask(
            "t", (iteration, ct) => Task.Run(
                () => Task.Delay(Second * (5 - (iteration.Number % 5)), iteration.Services.GetRequiredService<TimeProvider>(),
                    ct), ct)).Every(Second).OnOverlap(Overlap.Allow));

        await host.AdvanceAsync(Second * 1000);

        var records = host.Observer.Records();
        Assert.All(records, record => Assert.Equal(Second * (5 - (record.Number % 5)), record.Elapsed));
        Assert.InRange(records.Count, 995, 1001);
    }

    private static IEnumerable<(IterationOutcome Outcome, TimeSpan Elapsed)> Ends(VirtualHost host) =>
        host.Observer.Records().Select(record => (record.Outcome, record.Elapsed));
}

using Microsoft.Extensions.DependencyInjection;
using static SafeLoop.IterationOutcome;

namespace SafeLoop.Testing.Tests;

public class FaultTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Chosen_iterations_fail_and_the_others_run()
    {
        var ran = new List<long>();
        await using var host = await VirtualHost.StartAsync(
            builder => builder.Services.AddRecurringTask("t", (iteration, _) =>
            {
                ran.Add(iteration.Number);
                return Task.CompletedTask;
            }).Every(Second),
            faults: faults => faults.Fail("T", 1));
        host.Faults.Fail("t", 3, new IOException("no disk"));

        await host.AdvanceAsync(Second * 4);

        Assert.Equal([Failed, Succeeded, Failed, Succeeded, Succeeded], host.Outcomes());
        Assert.Equal([2, 4, 5], ran);
        Assert.Equal("InvalidOperationException: Injected: iteration 1 of 'T' fails.", host.Observer.Records()[0].Error);
        Assert.Equal("IOException: no disk", host.Observer.Records()[2].Error);
    }

    [Fact]
    public async Task A_fault_for_a_task_that_does_not_exist_is_refused()
    {
        static void Configure(Microsoft.Extensions.Hosting.HostApplicationBuilder builder)
        {
            builder.Services.AddRecurringTask("prices", Nothing).Every(Second);
            builder.Services.AddRecurringTask<Keyed, int>("keyed").Every(Second);
        }
        var early = await Assert.ThrowsAsync<KeyNotFoundException>(() => VirtualHost.StartAsync(
            Configure, faults: faults => faults.Fail("price", 1)));
        Assert.Contains("'price'", early.Message);

        await using var host = await VirtualHost.StartAsync(Configure, faults: faults => faults.Fail("keyed", 1));
        host.Faults.Hang("price", 1);
        var late = await Assert.ThrowsAsync<KeyNotFoundException>(() => host.AdvanceAsync(Second));

        Assert.Contains("did you mean 'prices'?", late.Message);
        host.Faults.Fail("PRICES", 2);
        await host.AdvanceAsync(Second);
        Assert.Equal([Succeeded, Failed], host.Outcomes("prices"));
    }

    [Fact]
    public async Task Outcomes_of_a_task_that_does_not_exist_are_not_none()
    {
        await using var host = await VirtualHost.StartAsync(builder =>
        {
            builder.Services.AddRecurringTask("prices", Nothing).Cron("0 3 * * *");
            builder.Services.AddRecurringTask("gone", Nothing).Every(Second);
            builder.Services.AddRecurringTask<Keyed, int>("keyed").Every(Second);
        });
        host.Tasks.Remove("gone");

        Assert.Empty(host.Outcomes("prices"));
        Assert.Empty(host.Outcomes("keyed"));
        Assert.NotEmpty(host.Outcomes("gone"));
        Assert.Throws<KeyNotFoundException>(() => host.Outcomes("price"));
    }

    [Fact]
    public async Task An_iteration_hangs_until_its_time_limit_in_no_real_time()
    {
        await using var host = await VirtualHost.StartAsync(builder => builder.Services.AddRecurringTask("t", Nothing)
            .Every(Second * 10).WithTimeout(Second * 25));
        host.RealTimeLimit = TimeSpan.FromDays(1); // nothing is waited for
        host.Faults.Hang("t", 2);

        await host.AdvanceAsync(Second * 50);

        Assert.Equal([Succeeded, Skipped, Skipped, TimedOut, Succeeded, Succeeded], host.Outcomes());
        Assert.Equal(Second * 25, host.Observer.Records()[3].Elapsed);
    }

    [Fact]
    public async Task An_iteration_that_ignores_its_token_comes_to_be_stuck()
    {
        await using var host = await VirtualHost.StartAsync(builder => builder.Services.AddRecurringTask("t", Nothing)
            .Every(Second * 10).WithTimeout(Second * 5));
        host.Faults.Hang("t", 2, ignoresToken: true);

        await host.AdvanceAsync(Second * 10 + Second * 15);

        Assert.Equal(RecurringTaskState.Stuck, host["t"].State);
        Assert.Contains(host.Observer.Events, e => e.Kind is LoopEventKind.IterationStuck);
    }

    [Fact]
    public async Task An_iteration_is_cancelled_as_if_by_hand()
    {
        var cancelled = new List<bool>();
        await using var host = await VirtualHost.StartAsync(
            builder => builder.Services.AddRecurringTask("t", (_, ct) =>
            {
                cancelled.Add(ct.IsCancellationRequested);
                return Task.CompletedTask;
            }).Every(Second).AsSingleton());
        host.Faults.Cancel("t", 2);

        await host.AdvanceAsync(Second * 2);

        Assert.Equal([(Succeeded, OutcomeReason.None), (Interrupted, OutcomeReason.Cancelled), (Succeeded, OutcomeReason.None)],
            host.Observer.Records().Select(record => (record.Outcome, record.Reason)));
        Assert.Equal([false, true, false], cancelled);
    }

    [Fact]
    public async Task Tasks_added_at_run_time_have_faults_too()
    {
        await using var host = await VirtualHost.StartAsync(_ => { });
        host.Faults.Fail("added", 1);
        host.Tasks.Add("added", task => task.Step("one", Nothing).Step("two", Nothing).Every(Second));

        await host.AdvanceAsync(Second);

        Assert.Equal([Failed, Succeeded], host.Outcomes("added"));
    }

    [Fact]
    public async Task A_fault_can_be_aimed_at_a_key()
    {
        await using var host = await VirtualHost.StartAsync(builder => builder.Services.AddRecurringTask<Keyed, int>("keyed")
            .Every(Second));
        var keys = host.Services.GetRequiredService<IRecurringTaskKeys<Keyed, int>>();
        keys.TryAdd(7);
        keys.TryAdd(8);
        host.Faults.Fail("keyed", 2, key: 8);
        host.Faults.Cancel("keyed", 3, key: 7);

        await host.AdvanceAsync(Second * 3);

        Assert.Equal([Succeeded, Failed, Succeeded, Succeeded], host.Outcomes("keyed", 8));
        Assert.Equal([Succeeded, Succeeded, Interrupted, Succeeded], host.Outcomes("keyed", 7));
        Assert.Equal(8, host.Outcomes("keyed").Count);
    }

    [Fact]
    public async Task A_fault_for_no_key_meets_the_one_that_comes_first()
    {
        await using var host = await VirtualHost.StartAsync(builder => builder.Services.AddRecurringTask<Keyed, int>("keyed")
            .Every(Second));
        var keys = host.Services.GetRequiredService<IRecurringTaskKeys<Keyed, int>>();
        keys.TryAdd(7);
        keys.TryAdd(8);
        host.Faults.Fail("keyed", 2);

        await host.AdvanceAsync(Second * 3);

        Assert.Single(host.Outcomes("keyed"), Failed);
    }

    [Fact]
    public async Task A_fault_for_an_iteration_that_has_begun_already_is_refused()
    {
        await using var host = await VirtualHost.StartAsync(builder => builder.Services.AddRecurringTask("prices", Nothing)
            .Every(Second));
        await host.AdvanceAsync(Second * 4);
        host.Faults.Fail("Prices", 5);

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => host.AdvanceAsync(Second));

        Assert.Equal("A fault was set for iteration 5 of 'Prices', which has begun already: 5 have. "
            + "Set it sooner, or for a later one.", error.Message);
        host.Faults.Fail("prices", 6);
        await host.AdvanceAsync(Second);
        Assert.Equal(Failed, host.Outcomes()[^1]);
    }

    private static Task Nothing(Iteration iteration, CancellationToken token) => Task.CompletedTask;

    private sealed class Keyed : IRecurringTask<int>
    {
        public ValueTask RunAsync(int key, Iteration iteration, CancellationToken cancellationToken) => default;
    }
}

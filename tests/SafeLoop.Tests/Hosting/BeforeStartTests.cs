using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SafeLoop.Tests.Keys;

namespace SafeLoop.Tests.Hosting;

/// <summary>Between <c>Build</c> and <c>Run</c> registered tasks are found, and nothing runs yet.</summary>
public class BeforeStartTests
{
    [Fact]
    public void A_registered_task_is_found()
    {
        using var host = new LoopHost(Register);

        Assert.Equal("warm", host.Tasks["WARM"].Name);
        Assert.Equal(["warm", "other", "poll"], host.Tasks.All.Select(task => task.Name));
        Assert.Equal(RecurringTaskState.NotStarted, host.Tasks.Find("other")!.State);
        Assert.Equal(RecurringTaskState.NotStarted, host.Tasks.Find("poll")!.State);
        Assert.Contains(
            "did you mean 'warm'",
            Assert.Throws<KeyNotFoundException>(() => host.Tasks["warn"]).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_by_hand_says_that_the_host_has_not_started()
    {
        using var host = new LoopHost(Register);
        var task = host.Tasks["warm"];
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => task.RunNowAsync());

        Assert.Equal("Recurring task 'warm' cannot run yet, because the host has not started. "
            + "Call RunNowAsync after host.StartAsync(), or in the StartAsync of a hosted service.", error.Message);
        host.StartHost();
        Assert.Same(task, host.Tasks["warm"]);
        Assert.Single(host.Records("warm"));
    }

    [Fact]
    public void A_key_whose_schedule_is_not_selected_yet_is_found_and_runs_by_hand()
    {
        var start = new Caller();
        using var host = new LoopHost(services =>
        {
            services.AddSingleton(new Visit.Script()).AddRecurringTask<Visit, Device>()
                .Every(device => device.Period).StartAfter(1.Hours);
            services.AddSingleton<IHostedService>(start);
        });
        var keys = host.Services.GetRequiredService<IRecurringTaskKeys<Visit, Device>>();
        keys.TryAdd(new(1));
        start.OnStart = () => keys.Find(new(1))!.RunNowAsync();
        host.StartHost();

        Assert.Equal(IterationOutcome.Succeeded, start.Run!.Answer().Outcome);
    }

    [Fact]
    public void What_is_asked_before_the_start_counts_from_the_start()
    {
        using var host = new LoopHost(Register);
        host.Tasks["warm"].Pause("later");
        Assert.True(host.Tasks.Remove("other"));
        host.StartHost();

        Assert.Equal(RecurringTaskState.Paused, host["warm"].State);
        Assert.Equal(["warm", "poll"], host.Tasks.All.Select(task => task.Name));
    }

    [Fact]
    public void A_name_that_is_registered_cannot_be_added()
    {
        using var host = new LoopHost(Register);

        Assert.Contains("the name is taken", Assert.Throws<InvalidRecurringTaskException>(
            () => host.Tasks.Add("Warm", task => task.Step("step", Steps.None).Every(1.Seconds))).Message,
            StringComparison.Ordinal);
        host.StartHost();
    }

    [Fact]
    public void A_wrong_registration_is_refused_by_its_name_and_at_the_start_with_all_others()
    {
        using var host = new LoopHost(services =>
        {
            Register(services);
            services.AddRecurringTask("wrong", Steps.None);
            services.AddRecurringTask("twice", Steps.None).Every(1.Seconds);
            services.AddRecurringTask("Twice", Steps.None).Every(1.Seconds);
        });

        Assert.Equal("warm", host.Tasks["warm"].Name);
        Assert.Contains(
            "has no schedule",
            Assert.Throws<InvalidRecurringTaskException>(() => host.Tasks["wrong"]).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "the name is taken",
            Assert.Throws<InvalidRecurringTaskException>(() => host.Tasks["twice"]).Message,
            StringComparison.Ordinal);
        Assert.Equal(["warm", "other", "poll"], host.Tasks.All.Select(task => task.Name));
        Assert.Equal(2, Assert.Throws<InvalidRecurringTaskException>(host.StartHost).Problems.Count);
    }

    [Fact]
    public void A_setting_that_is_changed_after_a_look_counts_too()
    {
        using var host = new LoopHost(Register);
        _ = host.Tasks.All;
        host.Configuration["RecurringTasks:warm:Every"] = "00:00:07";
        host.Configuration["RecurringTasks:poll:Every"] = "00:00:08";
        host.StartHost();

        Assert.Equal(7.Seconds, host["warm"].Options.Every);
        Assert.Equal(
            8.Seconds, host.Services.GetRequiredService<RecurringTasks>().All.OfType<KeyedLoops>().Single().Task.Options.Every);
    }

    [Fact]
    public void A_setting_that_is_wrong_after_a_look_keeps_the_host_from_starting()
    {
        using var host = new LoopHost(Register);
        _ = host.Tasks["warm"];
        host.Configuration["RecurringTasks:warm:Every"] = "soon";

        Assert.Contains("'soon'", Assert.Throws<InvalidRecurringTaskException>(host.StartHost).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_that_look_for_their_task_do_not_find_it_and_end()
    {
        LoopHost host = null!;
        var found = new List<bool>();
        host = new LoopHost(services => services.AddRecurringTask("task", Steps.None).Configure(options =>
        {
            found.Add(host.Tasks.Find("task") is not null);
            options.Every = 1.Seconds;
        }));
        using (host)
        {
            Assert.Equal("task", host.Tasks["task"].Name);
            Assert.Equal([false], found);
            host.StartHost();
        }
    }

    [Fact]
    public void Many_who_look_at_once_find_the_same()
    {
        using var host = new LoopHost(Register);
        var found = new RecurringTaskHandle[32];
        Parallel.For(0, found.Length, n => found[n] = host.Tasks[n % 2 == 0 ? "warm" : "other"]);

        Assert.Equal(2, found.Distinct().Count());
        host.StartHost();
        Assert.Equal(3, host.Tasks.All.Count);
    }

    private static void Register(IServiceCollection services)
    {
        services.AddSingleton(new Poll.Script());
        services.AddRecurringTask("warm", Steps.None).Every(10.Seconds);
        services.AddRecurringTask("other", Steps.None).Every(10.Seconds);
        services.AddRecurringTask<Poll, string>().Every(10.Seconds);
    }

    private sealed class Caller : IHostedService
    {
        public Func<Task<IterationRecord>>? OnStart { get; set; }

        public Task<IterationRecord>? Run { get; private set; }

        public Task StartAsync(CancellationToken cancellationToken)
        {
            Run = OnStart!();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

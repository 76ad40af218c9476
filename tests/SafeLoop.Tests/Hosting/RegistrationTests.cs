using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace SafeLoop.Tests.Hosting;

public class RegistrationTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_test_that_removes_the_hosted_services_gets_the_runtime_back_with_what_it_registers_itself(bool withTask)
    {
        using var host = LoopHost.Run(services =>
        {
            services.AddRecurringTask("before", static (_, _) => ValueTask.CompletedTask).Every(1.Seconds);
            services.RemoveAll<IHostedService>();
            if (withTask)
                services.AddRecurringTask("after", static (_, _) => ValueTask.CompletedTask).Every(1.Seconds);
            else
                services.AddRecurringTasks();
        });

        Assert.All(host.Tasks.All, task => Assert.Equal(1, task.Snapshot().Iterations));
        Assert.Equal(withTask ? 2 : 1, host.Tasks.All.Count);
    }

    [Fact]
    public void A_class_task_is_named_after_its_class()
    {
        using var host = LoopHost.Run(services =>
        {
            services.AddRecurringTask<UpdateDeviceInfo>().Every(Second);
            services.AddRecurringTask<Generic<int>>().Every(Second);
        });

        Assert.Equal(["updateDeviceInfo", "generic"], host.Tasks.All.Select(task => task.Name));
    }

    [Fact]
    public void Named_takes_along_what_was_configured_before_it()
    {
        using var host = LoopHost.Run(services => services
            .AddRecurringTask<UpdateDeviceInfo>().Every(Second).WithTimeout(Second).Named("other").StopAfter(5));

        var options = host["other"].Options;
        Assert.Equal((Second, Second, 5L), (options.Every, options.Timeout, options.StopAfter));
        Assert.Null(host.Tasks.Find("updateDeviceInfo"));
    }

    [Fact]
    public void One_class_can_be_two_tasks_each_with_its_own_options()
    {
        using var host = LoopHost.Run(services =>
        {
            services.AddRecurringTask<UpdateDeviceInfo>().Every(Second);
            services.AddRecurringTask<UpdateDeviceInfo>().WithDelay(Second * 2).Named("slow").Named("slower").StopAfter(1);
        });

        Assert.Equal((Second, null, null), (host["updateDeviceInfo"].Options.Every, host["updateDeviceInfo"].Options.Delay,
            host["updateDeviceInfo"].Options.StopAfter));
        Assert.Equal((null, Second * 2, 1L),
            (host["slower"].Options.Every, host["slower"].Options.Delay, host["slower"].Options.StopAfter));
        Assert.Equal(2, host.Tasks.All.Count);
    }

    [Fact]
    public void The_runtime_may_be_registered_twice()
    {
        using var host = LoopHost.Run(services =>
        {
            services.AddRecurringTasks().AddRecurringTasks();
            services.AddRecurringTask<UpdateDeviceInfo>().Every(Second);
            services.AddRecurringTasks();
        });
        host.Advance(Second);

        Assert.Equal(2, host.Records().Count);
        Assert.Single(host.Logs.Lines, line => line.Text == "Loop of 'updateDeviceInfo' started"); // one log, one loop
    }

    [Fact]
    public void Options_can_be_set_from_outside_the_builder_too()
    {
        using var host = LoopHost.Run(services =>
        {
            services.AddRecurringTask<UpdateDeviceInfo>();
            services.Configure<RecurringTaskOptions>("updateDeviceInfo", options => options.Every = Second);
            services.ConfigureAll<RecurringTaskOptions>(options => options.Timeout = Second);
        });

        Assert.Equal((Second, Second), (host["updateDeviceInfo"].Options.Every, host["updateDeviceInfo"].Options.Timeout));
    }

    [Fact]
    public void A_class_that_is_registered_already_keeps_its_lifetime()
    {
        var one = new UpdateDeviceInfo();
        using var host = LoopHost.Run(services =>
        {
            services.AddSingleton(one);
            services.AddRecurringTask<UpdateDeviceInfo>().Every(Second);
        });
        host.Advance(Second * 2);

        Assert.Equal(3, one.Runs);
    }

    [Fact]
    public async Task A_bare_service_collection_is_enough()
    {
        var clock = new VirtualClock(LoopHost.Start);
        var thread = new VirtualThread();
        var runs = 0;
        await using var services = new ServiceCollection()
            .AddSingleton<TimeProvider>(clock)
            .AddSingleton(new Pacemaker(clock, thread.Dispatch))
            .AddRecurringTask("task", (_, _) => { runs++; return ValueTask.CompletedTask; }).Every(Second)
            .StopHostAfterFailures(1).Services
            .BuildServiceProvider();
        var service = Assert.Single(services.GetServices<IHostedService>());

        await service.StartAsync(default);
        thread.RunUntilIdle();
        clock.MoveTo(TimeSpan.TicksPerSecond);
        thread.RunUntilIdle();
        var stopped = service.StopAsync(default);
        thread.RunUntilIdle();
        await stopped;

        Assert.Equal(2, runs);
        Assert.Equal(LoopEnd.HostStopped, services.GetRequiredService<IRecurringTasks>()["task"].Snapshot().End);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void A_task_needs_a_name(string name)
    {
        var services = new ServiceCollection();

        Assert.Throws<ArgumentException>(() => services.AddRecurringTask(name));
        Assert.Throws<ArgumentException>(() => services.AddRecurringTask<UpdateDeviceInfo>(name));
        Assert.Throws<ArgumentException>(() => services.AddRecurringTask("task").Named(name));
    }

    [Fact]
    public void A_verb_needs_a_registered_task_and_what_it_is_to_add()
    {
        Assert.Throws<ArgumentException>(() => new ForeignBuilder().Every(Second));
        Assert.Throws<ArgumentNullException>(() => new ServiceCollection().AddRecurringTask("task").While((Func<bool>)null!));
        Assert.Throws<ArgumentNullException>(() => new ServiceCollection().AddRecurringTask("task")
            .Step("step", (Func<Iteration, CancellationToken, Task>)null!));
    }

    private sealed class UpdateDeviceInfo : IRecurringTask
    {
        public int Runs { get; private set; }

        public ValueTask RunAsync(Iteration iteration, CancellationToken cancellationToken)
        {
            Runs++;
            return ValueTask.CompletedTask;
        }
    }

    private sealed class Generic<T> : IRecurringTask
    {
        public ValueTask RunAsync(Iteration iteration, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }

    private sealed class ForeignBuilder : IRecurringTaskBuilder
    {
        public string Name => "foreign";

        public IServiceCollection Services { get; } = new ServiceCollection();
    }
}

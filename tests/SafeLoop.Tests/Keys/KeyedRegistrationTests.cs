using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Keys;

public class KeyedRegistrationTests
{
    [Fact]
    public void A_limit_of_loops_without_keys_is_a_mistake() =>
        Assert.Contains("Concurrency 2 has no effect without keys", Problems(services => services.AddRecurringTask(
            "task", (_, _) => ValueTask.CompletedTask).Every(1.Seconds).Concurrency(2)));

    [Fact]
    public void A_limit_below_one_is_a_mistake() =>
        Assert.Contains("Concurrency is 0. Set it to at least 1", Problems(services => services.AddSingleton(new Poll.Script())
            .AddRecurringTask<Poll, string>().Every(1.Seconds).Concurrency(0)));

    [Fact]
    public void A_keyed_task_without_a_schedule_is_a_mistake() =>
        Assert.Contains("'poll': it has no schedule",
            Problems(services => services.AddSingleton(new Poll.Script()).AddRecurringTask<Poll, string>()));

    [Fact]
    public void A_name_is_taken_by_a_keyed_task_too() =>
        Assert.Contains("'Poll': the name is taken", Problems(services =>
        {
            services.AddSingleton(new Poll.Script()).AddRecurringTask<Poll, string>().Every(1.Seconds);
            services.AddRecurringTask("Poll", (_, _) => ValueTask.CompletedTask).Every(1.Seconds);
        }));

    [Fact]
    public void The_same_class_and_key_twice_is_a_mistake() =>
        Assert.Contains("registered twice", Problems(services =>
        {
            services.AddSingleton(new Poll.Script()).AddRecurringTask<Poll, string>("one").Every(1.Seconds);
            services.AddRecurringTask<Poll, string>("two").Every(1.Seconds);
        }));

    [Fact]
    public void A_task_added_at_run_time_cannot_take_the_name_of_a_keyed_one()
    {
        using var poll = new PollHost(task => task.Every(10.Seconds));

        Assert.Throws<InvalidRecurringTaskException>(() => poll.Host.Tasks.Add(
            "poll", task => task.Step("step", (_, _) => ValueTask.CompletedTask).Every(1.Seconds)));
    }

    [Fact]
    public void A_task_added_before_the_host_starts_cannot_take_the_name_of_a_keyed_one()
    {
        using var poll = new PollHost(task => task.Every(10.Seconds), start: false);

        Assert.Equal(
            "Recurring task 'Poll': the name is taken. Give each task its own; capitals do not matter.",
            Assert.Throws<InvalidRecurringTaskException>(() => poll.Host.Tasks.Add("Poll", task => task
                .Step("step", (_, _) => ValueTask.CompletedTask).Every(1.Seconds))).Message);
        poll.Host.StartHost();
    }

    [Fact]
    public void Keys_for_a_task_without_keys_are_refused_at_once() => Assert.Equal(
        "Recurring task 'task': KeysFrom reads keys of type String, but it has no keys. "
        + "Register it with AddRecurringTask<TTask, String>.",
        Assert.Throws<InvalidRecurringTaskException>(() =>
            new ServiceCollection().AddRecurringTask("task", (_, _) => ValueTask.CompletedTask).Every(1.Seconds)
                .KeysFrom((_, _) => AsyncEnumerable.Empty<string>(), 1.Minutes)).Message);

    [Fact]
    public void Keys_of_another_type_are_refused_at_once() => Assert.Equal(
        "Recurring task 'poll': KeysFrom reads keys of type Object, but it was registered with keys of another type. "
        + "Register it with AddRecurringTask<TTask, Object>.",
        Assert.Throws<InvalidRecurringTaskException>(() =>
            new ServiceCollection().AddRecurringTask<Poll, string>().Every(1.Seconds)
                .KeysFrom((_, _) => AsyncEnumerable.Empty<object>(), 1.Minutes)).Message);

    private static string Problems(Action<IServiceCollection> configure)
    {
        using var host = new LoopHost(configure);
        return Assert.Throws<InvalidRecurringTaskException>(host.StartHost).Message;
    }
}

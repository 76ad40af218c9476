using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Loops;

/// <summary>Several steps of one task.</summary>
public class SeveralStepsTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly List<string> _calls = [];

    [Fact]
    public void Steps_run_in_the_order_in_which_they_were_added_each_after_the_last_has_ended()
    {
        var read = new TaskCompletionSource();
        using var host = LoopHost.Run(services => services.AddRecurringTask("device")
            .Step("read", async (_, _) => { _calls.Add("read"); await read.Task; _calls.Add("read done"); })
            .Step("save", (_, _) => { _calls.Add("save"); return ValueTask.CompletedTask; })
            .Every(Second));

        Assert.Equal(["read"], _calls);
        host.Release(read);
        Assert.Equal(["read", "read done", "save"], _calls);
        Assert.Equal(IterationOutcome.Succeeded, host.Records().Single().Outcome);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_failing_step_ends_the_iteration_and_the_next_one_begins_with_the_first_step(bool singleton)
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("device")
            .Step("read", (_, _) => { _calls.Add("read"); return ValueTask.CompletedTask; })
            .Step("convert", (_, _) => _calls.Count == 1 ? throw new FormatException() : ValueTask.CompletedTask)
            .Step("save", (_, _) => { _calls.Add("save"); return ValueTask.CompletedTask; })
            .Configure(options => options.Singleton = singleton)
            .Every(Second));
        host.Advance(Second);

        Assert.Equal(["read", "read", "save"], _calls);
        Assert.Equal([IterationOutcome.Failed, IterationOutcome.Succeeded], host.Records().Select(record => record.Outcome));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_task_cancelled_between_two_steps_does_not_begin_the_next(bool singleton)
    {
        var read = new TaskCompletionSource();
        using var host = LoopHost.Run(services => services.AddRecurringTask("device")
            .Step("read", (_, _) => new ValueTask(read.Task))
            .Step("save", (_, _) => { _calls.Add("save"); return ValueTask.CompletedTask; })
            .Configure(options => options.Singleton = singleton)
            .WithTimeout(Second)
            .Every(Second * 10));
        host.Advance(Second * 2);
        host.Release(read); // the first step took no notice

        Assert.Empty(_calls);
        Assert.Equal(IterationOutcome.TimedOut, host.Records().Single().Outcome);
    }

    [Fact]
    public void All_steps_of_an_iteration_see_the_same_iteration_scope_and_token()
    {
        var seen = new List<(long, IServiceProvider, CancellationToken)>();
        ValueTask Look(Iteration iteration, CancellationToken token)
        {
            seen.Add((iteration.Number, iteration.Services, token));
            return ValueTask.CompletedTask;
        }
        using var host = LoopHost.Run(services => services.AddRecurringTask("device").Step("one", Look).Step("two", Look)
            .Every(Second));

        Assert.Equal(2, seen.Count);
        Assert.Equal(seen[0], seen[1]);
    }
}

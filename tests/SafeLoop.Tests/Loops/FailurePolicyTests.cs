using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SafeLoop.Tests.Loops;

/// <summary>What follows from failures in a row: a slower cadence, a pause, the end of the loop or of the host.</summary>
public class FailurePolicyTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void A_failed_iteration_delays_the_next_by_the_backoff_which_grows_up_to_its_maximum()
    {
        using var host = Run(_ => false, task => task.WithDelay(Second).BackOff(Second * 10, Second * 60));
        host.Advance(Second * 300);

        Assert.Equal([0, 10, 30, 70, 130, 190, 250], StartsOf(host));
    }

    [Fact]
    public void A_success_resets_the_backoff()
    {
        using var host = Run(number => number is 3 or 4, task => task.WithDelay(Second).BackOff(Second * 10, Second * 60));
        host.Advance(Second * 45);

        Assert.Equal([0, 10, 30, 31, 32, 42], StartsOf(host));
    }

    [Fact]
    public void The_backoff_of_a_fixed_rate_loop_ends_on_its_grid()
    {
        using var host = Run(_ => false, task => task.Every(Second * 7).BackOff(Second * 10, Second * 20));
        host.Advance(Second * 60);

        Assert.Equal([0, 14, 35, 56], StartsOf(host));
    }

    [Fact]
    public void A_backoff_shorter_than_the_cadence_changes_nothing()
    {
        using var host = Run(_ => false, task => task.Every(Second * 10).BackOff(Second, Second * 5));
        host.Advance(Second * 30);

        Assert.Equal([0, 10, 20, 30], StartsOf(host));
    }

    [Fact]
    public void The_random_share_of_the_backoff_stays_within_its_bounds()
    {
        using var host = Run(
            _ => false, task => task.WithDelay(Second).BackOff(Second * 100, Second * 100, factor: 1, jitter: 0.2));
        host.Advance(Second * 10_000);

        var starts = host.Records().Select(record => record.Started).ToArray();
        var pauses = starts.Zip(starts.Skip(1), (one, next) => next - one).ToArray();
        Assert.InRange(pauses.Length, 80, 125);
        Assert.All(pauses, pause => Assert.InRange(pause, Second * 80, Second * 120 + TimeSpan.FromMilliseconds(2)));
        Assert.True(pauses.Distinct().Count() > 10);
    }

    [Fact]
    public void Back_off_is_not_asked_for_when_an_iteration_times_out_less_than_when_it_fails()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("slow", (_, token) => Cancelled.By(token))
            .WithTimeout(Second).WithDelay(Second).BackOff(Second * 10, Second * 60));
        host.Advance(Second * 40);

        Assert.Equal([0, 11, 32], StartsOf(host));
    }

    [Fact]
    public void A_loop_without_pauses_that_fails_does_not_spin()
    {
        using var host = Run(_ => false, task => task.Continuously());
        host.Advance(Second * 10);

        Assert.Equal(11, host.Records().Count);
    }

    [Fact]
    public void PauseAfterFailures_pauses_until_it_is_resumed_by_hand()
    {
        using var host = Run(number => number > 3, task => task.Every(Second).PauseAfterFailures(3));
        host.Advance(Second * 10);
        Assert.Equal(RecurringTaskState.Paused, host["task"].State);
        Assert.Contains("3 failures", host["task"].Snapshot().StateReason);
        Assert.Equal(3, host["task"].Snapshot().Failed);
        Assert.All(host.Records().Skip(3), record => Assert.Equal(OutcomeReason.Paused, record.Reason));

        host["task"].Resume();
        host.Advance(Second);
        Assert.Equal(IterationOutcome.Succeeded, host.Records()[^1].Outcome);
        Assert.Equal(0, host["task"].Snapshot().ConsecutiveFailures);
    }

    [Fact]
    public void StopAfterFailures_ends_the_loop_and_says_so_loudly()
    {
        using var host = Run(_ => false, task => task.Every(Second).StopAfterFailures(3));
        host.Advance(Second * 10);

        Assert.Equal(3, host.Records().Count);
        Assert.Equal(LoopEnd.Failures, host.EndOf("task"));
        var line = Assert.Single(host.Logs.Lines, line => line.Level == LogLevel.Critical);
        Assert.Contains("'task'", line.Text);
        Assert.Contains("3 failure(s)", line.Text);
    }

    [Fact]
    public void Failures_that_are_not_in_a_row_stop_nothing()
    {
        using var host = Run(number => number % 3 == 0, task => task.Every(Second).StopAfterFailures(3));
        host.Advance(Second * 30);

        Assert.False(host["task"].Completion.IsCompleted);
        Assert.Equal(31, host.Records().Count);
    }

    [Fact]
    public void StopHostAfterFailures_asks_the_host_to_stop_and_ends_the_loop()
    {
        using var host = Run(_ => false, task => task.Every(Second).StopHostAfterFailures(2));
        Assert.False(host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested);
        host.Advance(Second * 5);

        Assert.True(host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested);
        Assert.Equal(2, host.Records().Count);
        Assert.Equal(LoopEnd.Failures, host.EndOf("task"));
    }

    [Fact]
    public void A_host_that_cannot_be_stopped_does_not_break_the_loop_that_asks_for_it()
    {
        using var host = LoopHost.Run(services =>
        {
            services.AddRecurringTask("task", (_, _) => throw new FormatException()).Every(Second).StopHostAfterFailures(1);
            services.AddSingleton(provider => new LoopEnvironment(
                provider, provider.GetRequiredService<Pacemaker>(), provider.GetRequiredService<LoopObservers>())
            {
                OptionsFormat = new OptionsFormat(),
                StopHost = () => throw new ObjectDisposedException("host"),
            });
        });

        Assert.Equal(LoopEnd.Failures, host.EndOf("task"));
        Assert.Single(host.Faults());
    }

    private static LoopHost Run(Func<long, bool> succeeds, Action<IRecurringTaskBuilder> configure) => LoopHost.Run(services =>
        configure(services.AddRecurringTask(
            "task", (iteration, _) => succeeds(iteration.Number) ? ValueTask.CompletedTask : throw new FormatException())));

    private static IEnumerable<double> StartsOf(LoopHost host) =>
        host.Records().Where(record => record.Number > 0).Select(record => (record.Started - LoopHost.Start).TotalSeconds);
}

using Microsoft.Extensions.DependencyInjection;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace SafeLoop.Tests.Loops;

/// <summary>
/// A resilience pipeline round the steps: its retries are within one iteration, and whatever it throws is an outcome.
/// </summary>
public class ResilienceTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private static readonly RetryStrategyOptions Twice = new() { MaxRetryAttempts = 2, Delay = TimeSpan.Zero };

    private int _calls;

    [Theory]
    [InlineData("inline")]
    [InlineData("named")]
    [InlineData("prebuilt")]
    public void Retries_happen_within_one_iteration(string way)
    {
        using var host = LoopHost.Run(services =>
        {
            services.AddResiliencePipeline("twice", pipeline => pipeline.AddRetry(Twice));
            var task = services.AddRecurringTask(
                "flaky", (_, _) => ++_calls < 3 ? throw new FormatException() : ValueTask.CompletedTask).Every(Second);
            _ = way switch
            {
                "inline" => task.WithResilience(pipeline => pipeline.AddRetry(Twice)),
                "named" => task.WithResilience("twice"),
                _ => task.WithResilience(new ResiliencePipelineBuilder().AddRetry(Twice).Build()),
            };
        });

        Assert.Equal(3, _calls);
        Assert.Equal([(1, IterationOutcome.Succeeded)], host.Records().Select(record => (record.Number, record.Outcome)));
    }

    [Fact]
    public void Each_attempt_has_a_scope_of_its_own_and_begins_with_the_first_step()
    {
        var scopes = new List<IServiceProvider>();
        using var host = LoopHost.Run(services => services.AddRecurringTask("flaky")
            .Step("one", (iteration, _) => { scopes.Add(iteration.Services); return ValueTask.CompletedTask; })
            .Step("two", (_, _) => ++_calls < 3 ? throw new FormatException() : ValueTask.CompletedTask)
            .WithResilience(pipeline => pipeline.AddRetry(Twice)).Every(Second));

        Assert.Equal(3, scopes.Distinct().Count());
    }

    [Fact]
    public void When_all_attempts_have_failed_the_iteration_has_failed_once()
    {
        using var host = LoopHost.Run(services => services
            .AddRecurringTask("broken", (_, _) => { _calls++; throw new FormatException(); })
            .WithResilience(pipeline => pipeline.AddRetry(Twice)).Every(Second));

        Assert.Equal(3, _calls);
        Assert.Equal([IterationOutcome.Failed], host.Outcomes());
        Assert.Equal(1, host["broken"].Snapshot().ConsecutiveFailures);
    }

    [Fact]
    public void A_timeout_of_the_pipeline_is_TimedOut_on_the_applications_clock()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("slow", (_, token) => Cancelled.By(token))
            .WithResilience(pipeline => pipeline.AddTimeout(Second * 3)).Every(Second * 100));
        host.Advance(Second * 4);

        var end = Assert.Single(host.Observer.Of(LoopEventKind.IterationEnded));
        Assert.Equal((IterationOutcome.TimedOut, Second * 3), (end.Record.Outcome, end.Record.Elapsed));
        Assert.IsType<TimeoutRejectedException>(end.Exception);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_time_limit_within_a_step_is_the_steps_own_failure_whatever_is_round_it(bool within)
    {
        using var host = LoopHost.Run(services =>
        {
            var task = services.AddRecurringTask("t", (_, _) => throw new TimeoutRejectedException("A client's.")).Every(Second);
            if (within)
                task.WithResilience(pipeline => pipeline.AddRetry(Twice).AddTimeout(Second * 3));
        });

        Assert.Equal([IterationOutcome.Failed], host.Outcomes());
    }

    [Theory]
    [InlineData("while")]
    [InlineData("lock")]
    public void A_time_limit_of_a_check_or_a_lock_provider_is_a_failure_too(string who)
    {
        using var host = LoopHost.Run(services =>
        {
            services.AddSingleton<ILoopLockProvider>(new ScriptedLocks
            {
                Acquire = (_, _) => who == "lock" ? throw new TimeoutRejectedException() : new(true),
            });
            services.AddRecurringTask("t", (_, _) => default).WithLock("lock").Every(Second)
                .WithResilience(pipeline => pipeline.AddTimeout(Second * 3))
                .While(() => who == "while" ? throw new TimeoutRejectedException() : true);
        });

        Assert.Equal([IterationOutcome.Failed], host.Outcomes());
    }

    [Fact]
    public void An_iteration_cancelled_between_two_attempts_makes_no_further_one()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("broken", (_, _) =>
        {
            _calls++;
            throw new FormatException();
        })
            .WithResilience(pipeline => pipeline.AddRetry(new()
            {
                MaxRetryAttempts = 9,
                Delay = Second * 3,
                BackoffType = DelayBackoffType.Constant
            }))
            .WithTimeout(Second * 2).Every(Second * 100));
        host.Advance(Second * 2);
        host.WaitFor(LoopEventKind.IterationEnded); // the pipeline's own delay goes on in the thread pool

        Assert.Equal(1, _calls);
        Assert.Equal([IterationOutcome.TimedOut], host.Outcomes());
    }

    [Theory]
    [InlineData("before")]
    [InlineData("after")]
    [InlineData("predicate")]
    [InlineData("callback")]
    public void A_pipeline_that_throws_at_any_point_makes_the_iteration_failed_and_the_loop_lives(string point)
    {
        using var host = LoopHost.Run(services => services
            .AddRecurringTask(
                "broken", (_, _) => point is "before" or "after" ? ValueTask.CompletedTask : throw new FormatException())
            .WithResilience(pipeline => pipeline
                .AddStrategy(_ => new Thrower(point))
                .AddRetry(new()
                {
                    MaxRetryAttempts = 1,
                    Delay = TimeSpan.Zero,
                    ShouldHandle = _ => point == "predicate" ? throw new IOException(point) : PredicateResult.True(),
                    OnRetry = _ => point == "callback" ? throw new IOException(point) : ValueTask.CompletedTask,
                }))
            .Every(Second));
        host.Advance(Second);

        Assert.Equal([IterationOutcome.Failed, IterationOutcome.Failed], host.Outcomes());
        Assert.All(host.Observer.Of(LoopEventKind.IterationEnded), end => Assert.IsType<IOException>(end.Exception));
    }

    [Fact]
    public void A_pipeline_that_makes_a_success_of_a_cancellation_does_not_make_it_Succeeded()
    {
        using var host = LoopHost.Run(services => services.AddRecurringTask("slow", (_, token) => Cancelled.By(token))
            .WithResilience(pipeline => pipeline.AddStrategy(_ => new Thrower("swallow")))
            .WithTimeout(Second).Every(Second * 100));
        host.Advance(Second);

        Assert.Equal([IterationOutcome.TimedOut], host.Outcomes());
    }

    [Fact]
    public void A_pipeline_that_cannot_be_built_or_is_not_registered_is_reported_at_start_up()
    {
        using var host = new LoopHost(services =>
        {
            services.AddRecurringTask("one", (_, _) => ValueTask.CompletedTask)
                .WithResilience(_ => throw new IOException("no config")).Every(Second);
            services.AddRecurringTask("two", (_, _) => ValueTask.CompletedTask).WithResilience("unknown").Every(Second);
        });

        var error = Assert.Throws<InvalidRecurringTaskException>(host.StartHost);
        Assert.Contains("no config", error.Message);
        Assert.Contains("'unknown'", error.Message);
    }

    private sealed class Thrower(string point) : ResilienceStrategy
    {
        protected override async ValueTask<Outcome<TResult>> ExecuteCore<TResult, TState>(
            Func<ResilienceContext, TState, ValueTask<Outcome<TResult>>> callback, ResilienceContext context, TState state)
        {
            if (point == "before")
                throw new IOException(point);
            var outcome = await callback(context, state);
            return point switch
            {
                "after" => throw new IOException(point),
                "swallow" => Outcome.FromResult<TResult>(default),
                _ => outcome,
            };
        }
    }
}

using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Loops;

/// <summary>The token of an iteration is reused until it is cancelled, and never replaced while a step runs.</summary>
public class IterationTokenTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly List<CancellationToken> _tokens = [];

    [Fact]
    public void A_token_that_was_not_cancelled_is_used_again()
    {
        using var host = Run(_ => ValueTask.CompletedTask);
        host.Advance(Second * 100);

        Assert.Equal(11, _tokens.Count);
        Assert.Single(_tokens.Distinct());
    }

    [Fact]
    public void After_a_cancellation_the_next_iteration_has_a_fresh_token()
    {
        using var host = Run(Cancelled.By);
        host.Advance(Second * 15);

        Assert.Equal([true, true], _tokens.Select(token => token.IsCancellationRequested));
        Assert.NotEqual(_tokens[0], _tokens[1]);
    }

    [Fact] // NCronJob: using var linkedCts
    public void A_token_outlives_the_step_it_was_given_to()
    {
        using var host = Run(Cancelled.By);
        host.Advance(Second * 25);
        host["task"].Stop();
        host.Settle();

        foreach (var token in _tokens)
        {
            Assert.True(token.WaitHandle.WaitOne(0)); // a disposed source would throw
            using var late = token.Register(() => { });
        }
    }

    [Fact]
    public void A_callback_left_on_the_token_is_not_called_by_the_cancellation_of_a_later_iteration()
    {
        var called = 0;
        using var host = Run(token =>
        {
            if (_tokens.Count > 1)
                return Cancelled.By(token);
            token.Register(() => called++);
            return ValueTask.CompletedTask;
        });
        host.Advance(Second * 12);

        Assert.Equal([IterationOutcome.Succeeded, IterationOutcome.TimedOut], host.Outcomes());
        Assert.Equal(0, called);
    }

    [Fact] // quartz#600, Hangfire#1347
    public void Registrations_and_linked_sources_left_on_the_token_do_not_accumulate()
    {
        var left = new List<WeakReference>();
        using var host = Run(token =>
        {
            Leave(token);
            return ValueTask.CompletedTask;
        });
        host.Advance(Second * 100);

        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.Equal(22, left.Count);
        Assert.DoesNotContain(left, reference => reference.IsAlive);

        void Leave(CancellationToken token)
        {
            var state = new object();
            token.Register(_ => { }, state);
            left.Add(new WeakReference(state));
            left.Add(new WeakReference(CancellationTokenSource.CreateLinkedTokenSource(token)));
        }
    }

    private LoopHost Run(Func<CancellationToken, ValueTask> step) => LoopHost.Run(services => services
        .AddRecurringTask("task", (_, token) => { _tokens.Add(token); return step(token); })
        .AsSingleton().Every(Second * 10).WithTimeout(Second));
}

using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Keys;

/// <summary>The lateness of wake-ups is that of the clock, whoever was interrupted when.</summary>
public class KeyedLatenessTests
{
    // After akkadotnet/akka.net#2294: the time of an entry was later than that of the timer that took it.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_thread_that_was_interrupted_after_it_read_the_clock_is_not_49_days_late(int reading)
    {
        var (thread, script) = (new VirtualThread(), new Poll.Script());
        InterruptedClock clock = null!;
        using var host = new LoopHost(services =>
        {
            services.AddSingleton(script);
            services.AddSingleton<TimeProvider>(provider => clock = new(provider.GetRequiredService<VirtualClock>()));
            services.AddSingleton(provider => new Pacemaker(provider.GetRequiredService<TimeProvider>(), thread.Dispatch));
            services.AddRecurringTask<Poll, string>().Every(1.Hours).StartAfter(10.Seconds);
        });
        var pacemaker = host.Services.GetRequiredService<Pacemaker>();
        host.StartHost();
        thread.RunUntilIdle();
        var keys = (KeyedLoops<string>)host.Services.GetRequiredService<IRecurringTaskKeys<Poll, string>>();
        keys.TryAdd("a");
        host.Clock.Pass(1.Seconds);
        keys.TryAdd("b");
        var left = reading;
        clock.OnRead = () =>
        {
            if (keys.Runners.Running == 0 || Holds(keys.Rows) || Holds(pacemaker) || --left != 0)
                return;
            host.Clock.Pass(1.Seconds + 5.Milliseconds); // b comes due, and another thread plans
            keys.TryAdd("c");
        };

        MoveTo(10.Seconds);
        MoveTo(12.Seconds);

        Assert.Equal(["a", "b"], script.Runs.Select(run => run.Key));
        Assert.InRange(pacemaker.Lateness, TimeSpan.Zero, 2.Seconds);
        var stopping = host.StopHost();
        Assert.True(SpinWait.SpinUntil(HasStopped, ThreadedLoopHost.Patience));

        void MoveTo(TimeSpan time)
        {
            host.Clock.MoveTo(time.Ticks);
            thread.RunUntilIdle();
        }

        static bool Holds(object owner) => owner.GetType().GetField("_gate", BindingFlags.Instance | BindingFlags.NonPublic)!
            .GetValue(owner) is Lock { IsHeldByCurrentThread: true };

        bool HasStopped()
        {
            thread.RunUntilIdle();
            return stopping.IsCompleted;
        }
    }
}

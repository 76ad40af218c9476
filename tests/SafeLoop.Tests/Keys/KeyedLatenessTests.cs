using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Keys;

/// <summary>How late loops of keys were woken, which health, a metric and the choice of threads rely on.</summary>
public class KeyedLatenessTests
{
    [Fact]
    public void One_that_another_thread_made_due_after_this_one_read_the_clock_is_not_weeks_late()
    {
        using var poll = new PollHost(task => task.Every(10.Seconds));
        poll.Add("a");
        poll.Host.Advance(3.Milliseconds);
        poll.Add("b");
        poll.Script.Step = (key, iteration, _) =>
        {
            if (key is "a" && iteration.Number is 2)
            {
                // As a thread does that reads the clock later than this one, and takes the lock first.
                poll.Host.Clock.Pass(5.Milliseconds);
                poll.Keys.TryAdd("c");
                poll.Host.Clock.Pass(-5.Milliseconds);
            }
            return ValueTask.CompletedTask;
        };

        poll.Advance(11);

        Assert.Equal([0, 10], poll.Script.Of("b"));
        Assert.InRange(poll.Host.Services.GetRequiredService<Pacemaker>().Lateness, TimeSpan.Zero, 5.Milliseconds);
    }
}

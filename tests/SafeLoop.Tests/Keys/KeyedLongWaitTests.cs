using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Keys;

/// <summary>A row keeps only half of a tick, 49.7 days of milliseconds.</summary>
public class KeyedLongWaitTests
{
    [Fact]
    public void A_period_that_is_longer_than_a_row_can_count_is_kept()
    {
        using var poll = new PollHost(task => task.Every(TimeSpan.FromDays(60)));
        poll.Add("a");
        poll.Advance(Days(7));
        poll.Add("b"); // whose slots are in other buckets of the wheel

        poll.Advance(Days(193));

        Assert.Equal([0, Days(60), Days(120), Days(180)], poll.Script.Of("a"));
        Assert.Equal([Days(7), Days(67), Days(127), Days(187)], poll.Script.Of("b"));
    }

    [Fact]
    public void After_a_jump_of_the_clock_over_more_than_a_row_can_count_each_runs_on_in_its_period()
    {
        using var poll = new PollHost(task => task.Every(TimeSpan.FromDays(30)));
        poll.Add("a");
        poll.Advance(Days(3));
        poll.Add("b");

        poll.Host.Sleep(TimeSpan.FromDays(100));
        poll.Add("c");
        poll.Advance(Days(48));

        Assert.Equal([0, Days(103), Days(120), Days(150)], poll.Script.Of("a"));
        Assert.Equal([Days(3), Days(103), Days(123)], poll.Script.Of("b"));
        Assert.Equal([Days(103), Days(133)], poll.Script.Of("c"));
    }

    private static int Days(int count) => count * 24 * 60 * 60;
}

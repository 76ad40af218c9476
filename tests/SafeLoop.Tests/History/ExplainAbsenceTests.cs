using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.History;

/// <summary>What is said of an instant within the life of a loop at which no slot was due.</summary>
public class ExplainAbsenceTests
{
    [Fact]
    public void Not_due()
    {
        using var host = Run(task => task.Every(10.Seconds));
        host.Advance(25.Seconds);

        var found = host.Explain("t", 13);
        Assert.Equal(
            "'t' was not due at 2026-01-01 00:00:13 UTC; the slot before it is 2026-01-01 00:00:10 UTC, which ran and succeeded; "
                + "the slot after it is 2026-01-01 00:00:20 UTC.",
            found.Text);
        Assert.Null(found.Entry);
        Assert.Equal((LoopHost.Start + 10.Seconds, LoopHost.Start + 20.Seconds), (found.SlotBefore, found.SlotAfter));
    }

    [Fact]
    public void Not_due_between_slots_that_were_skipped()
    {
        using var host = Run(task => task.Every(10.Seconds));
        host["t"].Pause();
        host.Advance(45.Seconds);

        Assert.Equal(
            "'t' was not due at 2026-01-01 00:00:25 UTC; the slot before it is 2026-01-01 00:00:20 UTC; "
                + "the slot after it is 2026-01-01 00:00:30 UTC.",
            host.Why("t", 25));
    }

    [Fact]
    public void Not_due_while_the_iteration_before_was_running()
    {
        using var host = Run(task => task.Cron("0 * * * *"), Steps.Taking(10.Minutes));
        host.Advance(3.Hours);

        Assert.Equal(
            "'t' was not due at 2026-01-01 01:05:00 UTC; the slot before it is 2026-01-01 01:00:00 UTC, which ran and succeeded "
                + "and "
                + "was still running then; the slot after it is 2026-01-01 02:00:00 UTC.",
            host.Why("t", 3900));
    }

    [Theory]
    [InlineData("delay", "its slots depend on the end of the iteration before (WithDelay)", 0, 10)]
    [InlineData("continuous", "its slots depend on the end of the iteration before (Continuously)", 0, 5)]
    [InlineData("policy", "its delay policy selects each slot when the one before has ended (DelayBy)", 0, 7)]
    public void Not_due_where_slots_depend_on_iterations(string schedule, string expected, int before, int after)
    {
        using var host = Run(
            task => _ = schedule switch
            {
                "delay" => task.WithDelay(5.Seconds),
                "continuous" => task.Continuously(),
                _ => task.DelayBy(new ScriptedPolicy(
                    (history, _) => (history.LastSlot ?? LoopHost.Start - 7.Seconds) + 7.Seconds)),
            },
            Steps.Taking(5.Seconds));
        host.Advance(21.Seconds);

        Assert.StartsWith(
            $"'t' was not due at 2026-01-01 00:00:03 UTC: {expected}; the slot before it is 2026-01-01 00:00:0{before} UTC, "
                + $"which ran "
                + "and succeeded and was still running then; the slot after it is 2026-01-01 00:00:", host.Why("t", 3));
        Assert.Equal(after, (host.Explain("t", 3).SlotAfter - LoopHost.Start)?.TotalSeconds);
    }

    [Fact]
    public void Excluded()
    {
        using var host = Run(task => task.Cron("0 * * * *", "Europe/Berlin")
            .Except(Exclusion.Weekdays(DayOfWeek.Sunday))
            .Except(Exclusion.Times(new(3, 0), new(5, 0))));
        host.Advance(12.Hours);

        Assert.Equal(
            "'t' has no slot at 2026-01-01 04:00:00 +01:00: its schedule has one there, but the time from 2026-01-01 03:00:00 "
                + "+01:00 to "
                + "2026-01-01 05:00:00 +01:00 is excluded by Exclusion.Times(03:00:00 to 05:00:00); the slot before it is "
                + "2026-01-01 02:00:00 +01:00, which ran and succeeded; the slot after it is 2026-01-01 05:00:00 +01:00.",
            host.Why("t", 3 * 3600));
    }

    [Theory]
    [InlineData("dates", "Exclusion.Dates or Exclusion.Weekdays")]
    [InlineData("cron", "Exclusion.Cron(\"0 2 * * *\")")]
    public void Excluded_by(string kind, string expected)
    {
        using var host = Run(task => task.Every(1.Hours)
            .Except(Exclusion.Times(new(23, 0), new(23, 30)))
            .Except(kind is "dates" ? Exclusion.Dates(new DateOnly(2026, 1, 1)) : Exclusion.Cron("0 2 * * *", 2.Hours)));
        host.Advance(24.Hours);

        Assert.Contains($" is excluded by {expected};", host.Why("t", 2 * 3600));
    }

    [Fact]
    public void Put_off_by_its_back_off()
    {
        using var host = Run(
            task => task.Every(10.Seconds).BackOff(1.Minutes, 1.Hours), (_, _) => throw new FormatException());
        host.Advance(30.Seconds);

        const string Expected = "'t' was not due at 2026-01-01 00:00:20 UTC: its schedule has a slot there, but after a failure "
            + "its "
            + "back-off put the next slot off to 2026-01-01 00:01:00 UTC";
        Assert.StartsWith(Expected, host.Why("t", 20));
        host.Advance(60.Seconds);
        Assert.StartsWith(Expected, host.Why("t", 20));
    }

    [Fact]
    public void Passed_over_by_a_step()
    {
        var runs = 0;
        using var host = Run(task => task.Every(10.Seconds), (iteration, _) =>
        {
            if (++runs == 1)
                iteration.NextIn(45.Seconds);
            return default;
        });
        host.Advance(60.Seconds);

        Assert.Equal(
            "'t' was not due at 2026-01-01 00:00:20 UTC: its schedule has a slot there, but a step selected its next slot, its "
                + "back-off put it off, or its options were changed; the slot before it is 2026-01-01 00:00:00 UTC, which ran "
                + "and "
                + "succeeded; the slot after it is 2026-01-01 00:00:45 UTC.",
            host.Why("t", 20));
    }

    [Fact]
    public void After_a_change_the_new_schedule_counts_from_there()
    {
        using var host = Run(task => task.Every(10.Seconds));
        host.Advance(25.Seconds);
        _ = host["t"].ChangeAsync(options => options.Every = 30.Seconds);
        host.Advance(90.Seconds);

        Assert.StartsWith("The slot of 't' at 2026-01-01 00:00:20 UTC ran", host.Why("t", 20));
        Assert.StartsWith("The slot of 't' at 2026-01-01 00:01:20 UTC ran", host.Why("t", 80));
        Assert.StartsWith("'t' was not due at 2026-01-01 00:01:00 UTC;", host.Why("t", 60));
    }

    private static LoopHost Run(
        Action<IRecurringTaskBuilder> configure, Func<Iteration, CancellationToken, ValueTask>? step = null) =>
        LoopHost.Run(services => configure(services.AddRecurringTask("t", step ?? Steps.None)));
}

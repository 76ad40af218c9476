using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.History;

/// <summary>
/// In Berlin the clock goes from 02:00 +01:00 to 03:00 +02:00 on 29 March 2026, and from 03:00 +02:00 to 02:00 +01:00 on 25
/// October.
/// </summary>
public class ExplainDaylightTests
{
    private static readonly DateTimeOffset Gap = new(2026, 3, 29, 1, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Repeat = new(2026, 10, 25, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(SkippedTime.RunAfter,
        "'t' has no slot at 2026-03-29 03:30:00 +02:00: its time 02:30:00 did not exist that day in Europe/Berlin, because the "
            + "clock was "
            + "set forward, so its slot is when the gap ends, at 2026-03-29 03:00:00 +02:00 (SkippedTime.RunAfter)",
        DaylightReason.ShiftedToGapEnd)]
    [InlineData(SkippedTime.Skip,
        "'t' has no slot at 2026-03-29 03:30:00 +02:00: its time 02:30:00 did not exist that day in Europe/Berlin, because the "
            + "clock was "
            + "set forward, and such times are dropped (SkippedTime.Skip)",
        DaylightReason.None)]
    [InlineData(SkippedTime.Shift,
        "The slot of 't' at 2026-03-29 03:30:00 +02:00 ran and succeeded: it started at 2026-03-29 03:30:00 +02:00 and took 0 ms "
            + "(iteration 3); its local time was skipped when the clock was set forward, so it is later by as much",
        DaylightReason.Shifted)]
    public void A_time_in_the_gap(SkippedTime skipped, string expected, DaylightReason daylight)
    {
        using var host = LoopHost.Run(
            services => services.AddRecurringTask("t", Steps.None)
                .Cron("30 2 * * *", "Europe/Berlin").OnDaylightSaving(skipped, RepeatedTime.Automatic),
            start: Gap.AddDays(-2));
        host.Advance(72.Hours);

        var found = host.Explain("t", new DateTimeOffset(2026, 3, 29, 2, 30, 0, TimeSpan.FromHours(1)));
        Assert.StartsWith(expected, found.Text);
        Assert.Equal(daylight, found.Daylight);
    }

    [Fact]
    public void The_end_of_the_gap()
    {
        using var host = LoopHost.Run(
            services => services.AddRecurringTask("t", Steps.None).Cron("30 2 * * *", "Europe/Berlin"), start: Gap.AddDays(-2));
        host.Advance(72.Hours);

        var found = host.Explain("t", Gap);
        Assert.EndsWith(
            "; its local time was skipped when the clock was set forward, so it is at the end of the gap.", found.Text);
        Assert.Equal(DaylightReason.ShiftedToGapEnd, found.Daylight);
    }

    [Theory]
    [InlineData(RepeatedTime.Automatic, 1.5, "second", "02:30:00 +02:00", DaylightReason.SecondPass)]
    [InlineData(RepeatedTime.First, 1.5, "second", "02:30:00 +02:00", DaylightReason.SecondPass)]
    [InlineData(RepeatedTime.Last, 0.5, "first", "02:30:00 +01:00", DaylightReason.FirstPass)]
    public void A_time_in_the_repeated_hour_that_does_not_run(
        RepeatedTime repeated, double hours, string pass, string runsAt, DaylightReason daylight)
    {
        using var host = RunAtRepeat(repeated);

        var found = host.Explain("t", Repeat.AddHours(hours));
        Assert.Contains(
            $": its time 02:30:00 occurs twice that day in Europe/Berlin, because the clock is set back, and it does not run "
                + $"the {pass} "
                + $"time, but at 2026-10-25 {runsAt} (RepeatedTime.{repeated});",
            found.Text);
        Assert.Equal(daylight, found.Daylight);
    }

    [Theory]
    [InlineData(RepeatedTime.First, 0.5, "first", DaylightReason.FirstPass)]
    [InlineData(RepeatedTime.Both, 0.5, "first", DaylightReason.FirstPass)]
    [InlineData(RepeatedTime.Both, 1.5, "second", DaylightReason.SecondPass)]
    [InlineData(RepeatedTime.Last, 1.5, "second", DaylightReason.SecondPass)]
    public void A_time_in_the_repeated_hour_that_runs(
        RepeatedTime repeated, double hours, string pass, DaylightReason daylight)
    {
        using var host = RunAtRepeat(repeated);

        var found = host.Explain("t", Repeat.AddHours(hours));
        Assert.EndsWith(
            $"; its local time occurs twice that day, and this is the {pass} time.", found.Text);
        Assert.Equal(daylight, found.Daylight);
    }

    [Theory]
    [InlineData(0.25)]
    [InlineData(1.25)]
    public void Other_times_of_the_repeated_hour_are_just_not_due(double hours)
    {
        using var host = RunAtRepeat(RepeatedTime.Automatic);
        Assert.StartsWith("'t' was not due at 2026-10-25 02:15:00 +0", host.Explain("t", Repeat.AddHours(hours)).Text);
    }

    private static LoopHost RunAtRepeat(RepeatedTime repeated)
    {
        var host = LoopHost.Run(
            services => services.AddRecurringTask("t", Steps.None)
                .Cron("30 2 * * *", "Europe/Berlin").OnDaylightSaving(SkippedTime.RunAfter, repeated),
            start: Repeat.AddDays(-2));
        host.Advance(72.Hours);
        return host;
    }
}

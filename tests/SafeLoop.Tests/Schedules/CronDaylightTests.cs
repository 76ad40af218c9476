namespace SafeLoop.Tests.Schedules;

public class CronDaylightTests
{
    private const string NewYork = "America/New_York";

    // New York, 13 March 2016: the clock goes from 02:00 -05:00 to 03:00 -04:00.
    [Theory]
    [InlineData("30 2 * * *", SkippedTime.RunAfter, "2016-03-12 02:30 -05:00, 2016-03-13 03:00 -04:00, 2016-03-14 02:30 -04:00")]
    [InlineData("30 2 * * *", SkippedTime.Skip, "2016-03-12 02:30 -05:00, 2016-03-14 02:30 -04:00, 2016-03-15 02:30 -04:00")]
    [InlineData("30 2 * * *", SkippedTime.Shift, "2016-03-12 02:30 -05:00, 2016-03-13 03:30 -04:00, 2016-03-14 02:30 -04:00")]
    [InlineData("0,15,30 2 13 3 *", SkippedTime.RunAfter, "2016-03-13 03:00 -04:00, 2017-03-13 02:00 -04:00")]
    [InlineData("0,15,30 2 13 3 *", SkippedTime.Skip, "2017-03-13 02:00 -04:00, 2017-03-13 02:15 -04:00")]
    [InlineData("0,15,30 2 13 3 *", SkippedTime.Shift,
        "2016-03-13 03:00 -04:00, 2016-03-13 03:15 -04:00, 2016-03-13 03:30 -04:00, 2017-03-13 02:00 -04:00")]
    [InlineData("30 2,3 13 3 *", SkippedTime.RunAfter,
        "2016-03-13 03:00 -04:00, 2016-03-13 03:30 -04:00, 2017-03-13 02:30 -04:00")]
    [InlineData("30 2,3 13 3 *", SkippedTime.Shift, "2016-03-13 03:30 -04:00, 2017-03-13 02:30 -04:00")]
    [InlineData("0 2,3 13 3 *", SkippedTime.RunAfter, "2016-03-13 03:00 -04:00, 2017-03-13 02:00 -04:00")]
    [InlineData("0 2,3 13 3 *", SkippedTime.Skip, "2016-03-13 03:00 -04:00, 2017-03-13 02:00 -04:00")]
    public void Times_that_are_jumped_over_follow_the_gap_rule(string expression, SkippedTime gap, string expected) =>
        AssertNext(expected, CronSchedule.Parse(expression, NewYork, gap), "2016-03-12 02:00 -05:00");

    [Theory]
    [InlineData("*/30 * * * *", SkippedTime.RunAfter,
        "2016-03-13 01:30 -05:00, 2016-03-13 03:00 -04:00, 2016-03-13 03:30 -04:00")]
    [InlineData("*/30 * * * *", SkippedTime.Skip, "2016-03-13 01:30 -05:00, 2016-03-13 03:00 -04:00, 2016-03-13 03:30 -04:00")]
    [InlineData("*/30 * * * *", SkippedTime.Shift, "2016-03-13 01:30 -05:00, 2016-03-13 03:00 -04:00, 2016-03-13 03:30 -04:00")]
    [InlineData("30 * * * *", SkippedTime.RunAfter, "2016-03-13 01:30 -05:00, 2016-03-13 03:00 -04:00, 2016-03-13 03:30 -04:00")]
    [InlineData("30 * * * *", SkippedTime.Skip, "2016-03-13 01:30 -05:00, 2016-03-13 03:30 -04:00, 2016-03-13 04:30 -04:00")]
    [InlineData("30 * * * *", SkippedTime.Shift, "2016-03-13 01:30 -05:00, 2016-03-13 03:30 -04:00, 2016-03-13 04:30 -04:00")]
    public void A_rhythm_goes_on_over_a_gap(string expression, SkippedTime gap, string expected) =>
        AssertNext(expected, CronSchedule.Parse(expression, NewYork, gap), "2016-03-13 01:15 -05:00");

    // New York, 6 November 2016: the clock goes from 02:00 -04:00 back to 01:00 -05:00.
    [Theory]
    [InlineData("30 1 * * *", RepeatedTime.Automatic, "2016-11-06 01:30 -04:00, 2016-11-07 01:30 -05:00")]
    [InlineData("30 1 * * *", RepeatedTime.First, "2016-11-06 01:30 -04:00, 2016-11-07 01:30 -05:00")]
    [InlineData("30 1 * * *", RepeatedTime.Last, "2016-11-06 01:30 -05:00, 2016-11-07 01:30 -05:00")]
    [InlineData("30 1 * * *", RepeatedTime.Both, "2016-11-06 01:30 -04:00, 2016-11-06 01:30 -05:00, 2016-11-07 01:30 -05:00")]
    [InlineData("30 1-2 * * *", RepeatedTime.Automatic,
        "2016-11-06 01:30 -04:00, 2016-11-06 01:30 -05:00, 2016-11-06 02:30 -05:00")]
    [InlineData("0 1,2 * * *", RepeatedTime.Automatic,
        "2016-11-06 01:00 -04:00, 2016-11-06 02:00 -05:00, 2016-11-07 01:00 -05:00")]
    [InlineData("0 1,2 * * *", RepeatedTime.Last, "2016-11-06 01:00 -05:00, 2016-11-06 02:00 -05:00, 2016-11-07 01:00 -05:00")]
    [InlineData("0 */1 * * *", RepeatedTime.First, "2016-11-06 01:00 -04:00, 2016-11-06 02:00 -05:00")]
    public void Times_that_happen_twice_follow_the_repeat_rule(string expression, RepeatedTime repeat, string expected) =>
        AssertNext(expected, CronSchedule.Parse(expression, NewYork, repeated: repeat), "2016-11-06 00:45 -04:00");

    [Theory] // celery#10107, TickerQ: an hourly job was silent while the hour repeated.
    [InlineData("0 * * * *")]
    [InlineData("@hourly")]
    [InlineData("0 ? * * *")]
    [InlineData("0 0-23 * * *")]
    [InlineData("0 0/1 * * *")]
    [InlineData("0 0 * * * *")]
    public void Wildcard_hours_run_in_both_passes(string expression) =>
        AssertNext(
            "2016-11-06 01:00 -04:00, 2016-11-06 01:00 -05:00, 2016-11-06 02:00 -05:00",
            CronSchedule.Parse(expression, NewYork),
            "2016-11-06 00:00 -04:00");

    [Fact] // robfig/cron PR#541: a payments job at 02:00 was skipped once a year.
    public void A_daily_job_in_the_gap_runs_once_every_day_by_default()
    {
        var delay = CronSchedule.Parse("0 2 * * *", "Europe/Berlin");
        var days = delay.After(CronTimes.At("2024-12-31 12:00 +01:00")).Take(365).Select(time => time.Date).ToList();

        Assert.Equal(365, days.Distinct().Count());
    }

    [Theory]
    [InlineData("Europe/Dublin", "30 1 * * *", "2024-03-30 12:00 +00:00", "2024-03-31 02:00 +01:00, 2024-04-01 01:30 +01:00")]
    [InlineData("Europe/Dublin", "*/30 * * * *", "2024-10-27 00:30 +01:00",
        "2024-10-27 01:00 +01:00, 2024-10-27 01:30 +01:00, 2024-10-27 01:00 +00:00")]
    [InlineData("Africa/Casablanca", "30 2 * * *", "2024-03-09 12:00 +01:00", "2024-03-10 02:30 +01:00, 2024-03-11 02:30 +00:00")]
    [InlineData("Africa/Casablanca", "30 2 * * *", "2024-04-13 12:00 +00:00", "2024-04-14 03:00 +01:00, 2024-04-15 02:30 +01:00")]
    [InlineData("Australia/Lord_Howe", "15 2 * * *", "2024-10-05 12:00 +10:30",
        "2024-10-06 02:30 +11:00, 2024-10-07 02:15 +11:00")]
    [InlineData("Australia/Lord_Howe", "45 1 * * *", "2024-04-06 12:00 +11:00",
        "2024-04-07 01:45 +11:00, 2024-04-08 01:45 +10:30")]
    [InlineData("Australia/Lord_Howe", "*/15 * * * *", "2024-04-07 01:30 +11:00",
        "2024-04-07 01:45 +11:00, 2024-04-07 01:30 +10:30")]
    [InlineData("Pacific/Apia", "0 12 * * *", "2011-12-29 11:00 -10:00",
        "2011-12-29 12:00 -10:00, 2011-12-31 00:00 +14:00, 2011-12-31 12:00 +14:00")]
    [InlineData("Pacific/Apia", "0 0 30 12 *", "2011-12-29 12:00 -10:00", "2011-12-31 00:00 +14:00, 2012-12-30 00:00 +14:00")]
    [InlineData("America/Sao_Paulo", "0 0 * * *", "2018-11-03 12:00 -03:00", "2018-11-04 01:00 -02:00, 2018-11-05 00:00 -02:00")]
    [InlineData("Antarctica/Troll", "30 2 * * *", "2024-03-30 12:00 +00:00", "2024-03-31 03:00 +02:00, 2024-04-01 02:30 +02:00")]
    [InlineData("Asia/Pyongyang", "15 0 * * *", "2015-08-14 12:00 +09:00", "2015-08-15 00:15 +08:30, 2015-08-16 00:15 +08:30")]
    public void Zones_with_their_own_ideas_are_right_too(string zone, string expression, string from, string expected) =>
        AssertNext(expected, CronSchedule.Parse(expression, zone), from);

    [Fact]
    public void A_schedule_that_only_matches_skipped_times_ends()
    {
        var delay = CronSchedule.Parse("30 2 * 3 SUNL", "Europe/Berlin", SkippedTime.Skip);

        Assert.Null(delay.NextAfter(CronTimes.At("2024-01-01 00:00 +01:00")));
        Assert.Equal("1980-03-30 02:30 +01:00", CronTimes.Text(delay.PreviousBefore(CronTimes.At("1990-01-01 00:00 +01:00"))));
    }

    [Theory]
    [InlineData("2016-03-13 01:59 -05:00", "30 2 * * *", SkippedTime.RunAfter, nameof(DaylightReason.ShiftedToGapEnd))]
    [InlineData("2016-03-13 01:59 -05:00", "30 2 * * *", SkippedTime.Shift, nameof(DaylightReason.Shifted))]
    [InlineData("2016-03-13 01:59 -05:00", "0 2,3 * * *", SkippedTime.RunAfter, nameof(DaylightReason.None))]
    [InlineData("2016-11-06 00:59 -04:00", "30 1 * * *", SkippedTime.RunAfter, nameof(DaylightReason.FirstPass))]
    [InlineData("2016-11-06 01:59 -04:00", "30 * * * *", SkippedTime.RunAfter, nameof(DaylightReason.SecondPass))]
    [InlineData("2016-11-06 01:59 -05:00", "0 * * * *", SkippedTime.RunAfter, nameof(DaylightReason.None))]
    public void An_occurrence_knows_what_daylight_saving_did_to_it(
        string from, string expression, SkippedTime gap, string reason) =>
        Assert.Equal(reason, CronSchedule.Parse(expression, NewYork, gap).OccurrenceAfter(CronTimes.At(from))?.Reason.ToString());

    private static void AssertNext(string expected, CronSchedule delay, string from)
    {
        var times = expected.Split(", ");
        var instants = delay.After(CronTimes.At(from)).Take(times.Length).ToList();

        Assert.Equal(times, instants.Select(time => CronTimes.Text(time)));
        Assert.Equal(instants.AsEnumerable().Reverse().Skip(1), delay.Before(instants[^1]).Take(times.Length - 1));
    }
}

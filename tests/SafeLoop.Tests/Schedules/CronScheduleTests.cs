namespace SafeLoop.Tests.Schedules;

public class CronScheduleTests
{
    [Theory]
    [InlineData("* * * * *", "2024-02-28 23:59", "2024-02-29 00:00")]
    [InlineData("*/5 * * * *", "2024-01-01 00:00", "2024-01-01 00:05")]
    [InlineData("0 30 10 * * *", "2024-01-01 10:30", "2024-01-02 10:30")]
    [InlineData("0 22-1 * * *", "2024-01-01 02:00", "2024-01-01 22:00")]
    [InlineData("0 0 L * *", "2024-02-01 00:00", "2024-02-29 00:00")]
    [InlineData("0 0 L-1 * *", "2024-02-01 00:00", "2024-02-28 00:00")]
    [InlineData("0 0 LW * *", "2024-03-01 00:00", "2024-03-29 00:00")]
    [InlineData("0 0 15W * *", "2024-06-01 00:00", "2024-06-14 00:00")]
    [InlineData("0 0 ? * FRIL", "2024-02-01 00:00", "2024-02-23 00:00")]
    [InlineData("0 0 ? * mon#2", "2024-02-01 00:00", "2024-02-12 00:00")]
    [InlineData("0 0 13 * 5", "2024-01-01 00:00", "2024-09-13 00:00")]
    [InlineData("0 0 29 2 *", "2096-03-01 00:00", "2104-02-29 00:00")]
    [InlineData(" \t0 0 1 DEC-feb ?  ", "2024-02-02 00:00", "2024-12-01 00:00")]
    [InlineData("@every_minute", "2024-01-01 00:00", "2024-01-01 00:01")]
    [InlineData("@Daily", "2024-01-01 00:00", "2024-01-02 00:00")]
    [InlineData("@midnight", "2024-01-01 00:00", "2024-01-02 00:00")]
    [InlineData("@weekly", "2024-01-01 00:00", "2024-01-07 00:00")]
    [InlineData("@monthly ", "2024-01-01 00:00", "2024-02-01 00:00")]
    [InlineData("@yearly", "2024-01-01 00:00", "2025-01-01 00:00")]
    [InlineData("@annually", "2024-01-01 00:00", "2025-01-01 00:00")]
    public void Expressions_are_read_as_Cronos_reads_them_and_in_utc(string expression, string from, string expected) =>
        Assert.Equal($"{expected} +00:00", CronTimes.Text(CronSchedule.Parse(expression).NextAfter(CronTimes.At(from))));

    [Theory]
    [InlineData("UTC")]
    [InlineData("Europe/Berlin")]
    public void Next_is_later_and_previous_is_earlier_by_a_tick_or_more(string zone)
    {
        var delay = CronSchedule.Parse("* * * * * *", zone);
        var due = CronTimes.At("2024-01-01 00:00");

        Assert.Equal(due, delay.NextAfter(due.AddTicks(-1)));
        Assert.Equal(due.AddSeconds(1), delay.NextAfter(due));
        Assert.Equal(due.AddSeconds(1), delay.NextAfter(due.AddTicks(1)));
        Assert.Equal(due, delay.PreviousBefore(due.AddTicks(1)));
        Assert.Equal(due.AddSeconds(-1), delay.PreviousBefore(due));
    }

    [Fact] // croner#286: due every millisecond while the clock was set back.
    public void A_next_that_is_not_later_is_pushed_forward_by_a_second()
    {
        var now = CronTimes.At("2024-10-27 01:00 +00:00");

        Assert.Equal(now.AddSeconds(1), CronSchedule.Forward(now, now));
        Assert.Equal(now.AddSeconds(1), CronSchedule.Forward(now, now.AddHours(-1)));
        Assert.Equal(now.AddTicks(1), CronSchedule.Forward(now, now.AddTicks(1)));
    }

    [Theory]
    [InlineData("0 0 30 2 *")]
    [InlineData("0 0 31 4,6,9,11 *")]
    [InlineData("0 0 0 31 2 *")]
    [InlineData("0 0 15W * SAT")]
    [InlineData("0 0 30 2 MON-FRI")]
    public void An_expression_that_matches_no_date_never_fires(string expression)
    {
        var delay = CronSchedule.Parse(expression, "Europe/Berlin");

        Assert.True(delay.NeverFires);
        Assert.Null(delay.NextAfter(CronTimes.At("2024-01-01 00:00")));
        Assert.Null(delay.PreviousBefore(CronTimes.At("2024-01-01 00:00")));
    }

    public static TheoryData<string> EdgeZones =>
        new("UTC", "Europe/Berlin", "Pacific/Kiritimati", "America/New_York", "Etc/GMT+12", "Asia/Manila");

    [Theory]
    [MemberData(nameof(EdgeZones))]
    public void The_ends_of_time_are_null_and_never_thrown(string zone)
    {
        foreach (var expression in (string[])["* * * * * *", "0 3 * * *", "0 0 29 2 *", "0 0 1W * *", "0 0 LW * MON"])
        {
            var delay = CronSchedule.Parse(expression, zone);

            Assert.Null(delay.NextAfter(DateTimeOffset.MaxValue));
            Assert.Null(delay.PreviousBefore(DateTimeOffset.MinValue));
            foreach (var seconds in (int[])[0, 1, 59, 3600, 50_000, 100_000])
            {
                Assert.True(delay.NextAfter(DateTimeOffset.MaxValue.AddSeconds(-seconds)) is not { } next
                    || next > DateTimeOffset.MaxValue.AddSeconds(-seconds));
                Assert.True(delay.PreviousBefore(DateTimeOffset.MinValue.AddSeconds(seconds)) is not { } last
                    || last < DateTimeOffset.MinValue.AddSeconds(seconds));
                Assert.True(
                    delay.NextAfter(DateTimeOffset.MinValue.AddSeconds(seconds)) > DateTimeOffset.MinValue.AddSeconds(seconds));
                Assert.True(delay.PreviousBefore(DateTimeOffset.MaxValue.AddSeconds(-seconds))
                    < DateTimeOffset.MaxValue.AddSeconds(-seconds));
            }
        }
    }

    [Fact]
    public void The_day_before_a_month_is_not_in_it() // GetPreviousOccurrence of Cronos 0.13 answers 28 February.
    {
        var delay = CronSchedule.Parse("30 0 * 3 *");

        Assert.Equal("2024-03-31 00:30 +00:00", CronTimes.Text(delay.PreviousBefore(CronTimes.At("2025-03-01 00:15"))));
    }

    [Theory]
    [InlineData("W. Europe Standard Time", "2024-07-01 03:00 +02:00")]
    [InlineData("Eastern Standard Time", "2024-07-01 03:00 -04:00")]
    [InlineData("eastern standard time", "2024-07-01 03:00 -04:00")]
    [InlineData("India Standard Time", "2024-07-01 03:00 +05:30")]
    [InlineData("Etc/UTC", "2024-07-01 03:00 +00:00")]
    public void Windows_ids_work_without_globalization_data(string zone, string expected) =>
        Assert.Equal(
            expected, CronTimes.Text(CronSchedule.Parse("0 3 * * *", zone).NextAfter(CronTimes.At(expected).AddHours(-1))));

    [Fact]
    public void Every_Windows_id_leads_to_a_zone() =>
        Assert.All(WindowsZoneIds.All, id => Assert.True(CronZones.TryFind(id, out _, out var mistake), mistake));

    [Fact]
    public void A_schedule_remembers_what_was_asked()
    {
        var delay = CronSchedule.Parse("0 3 * * *", "Europe/Berlin", SkippedTime.Shift, RepeatedTime.Last);
        var plain = CronSchedule.Parse("@hourly");

        Assert.Equal(("0 3 * * *", "Europe/Berlin", SkippedTime.Shift, RepeatedTime.Last),
            (delay.Expression, delay.Zone, delay.Skipped, delay.Repeated));
        Assert.Equal("0 3 * * * (Europe/Berlin)", delay.ToString());
        Assert.Equal(("@hourly", "UTC", SkippedTime.RunAfter, RepeatedTime.Automatic),
            (plain.Expression, plain.Zone, plain.Skipped, plain.Repeated));
    }

    [Fact]
    public void Asking_for_the_next_occurrence_allocates_nothing()
    {
        // A zone of its own: other tests would push its years out of the shared one.
        var zone = new CronZone(TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"));
        Assert.True(CronSyntax.TryRead("*/5 * * * *", null, out var syntax, out _));
        var year = new CronOccurrences(
            new LocalSchedule(syntax.Expressions), zone, new DaylightRule(default, default, syntax.IsRhythm));

        Walk(year, 200_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Walk(year, 100_000);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void Walk(CronOccurrences occurrences, int count)
    {
        var now = CronTimes.At("2024-01-01 00:00").UtcTicks;
        while (count-- > 0) now = occurrences.AtOrAfter(now + 1)?.Instant.UtcTicks ?? now;
    }

    [Fact]
    public void Threads_that_share_a_schedule_get_the_same_answers()
    {
        var starts = Enumerable.Range(0, 400)
            .Select(year => new DateTimeOffset(1900 + year % 200, 6, 1, 0, 0, 0, TimeSpan.Zero)).ToList();
        var shared = CronSchedule.Parse("30 2 * * SUN", "America/Chicago");
        var expected = starts.ConvertAll(start => shared.NextAfter(start));
        var answers = new DateTimeOffset?[starts.Count];

        Parallel.For(0, starts.Count, i => answers[i] = shared.NextAfter(starts[i]));

        Assert.Equal(expected, answers);
    }
}

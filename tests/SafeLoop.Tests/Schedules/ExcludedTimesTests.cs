using CsCheck;

namespace SafeLoop.Tests.Schedules;

/// <summary>Which instants are excluded, and that going from stretch to stretch finds what looking at every slot finds.</summary>
public class ExcludedTimesTests
{
    private static readonly Exclusion Weekend = Exclusion.Weekdays(DayOfWeek.Saturday, DayOfWeek.Sunday);
    private static readonly Exclusion Night = Exclusion.Times(new(22, 0), new(6, 0));

    [Theory]
    [InlineData("2026-03-27T22:59:59.9999999Z", false)] // Berlin is an hour ahead: Friday until 23:00 UTC
    [InlineData("2026-03-27T23:00:00Z", true)]
    [InlineData("2026-03-29T21:59:59.9999999Z", true)] // and two hours from that Sunday on
    [InlineData("2026-03-29T22:00:00Z", false)]
    [InlineData("2026-10-23T22:00:00Z", true)]
    [InlineData("2026-10-25T22:59:59Z", true)]
    [InlineData("2026-10-25T23:00:00Z", false)]
    public void Days_begin_and_end_at_midnight_of_the_zone_also_when_its_clocks_change(string instant, bool excluded) =>
        Assert.Equal(excluded, IsExcluded(instant, Weekend.In("Europe/Berlin")));

    [Theory]
    [InlineData("2026-01-01T21:59:59Z", false)]
    [InlineData("2026-01-01T22:00:00Z", true)]
    [InlineData("2026-01-02T00:00:00Z", true)]
    [InlineData("2026-01-02T05:59:59Z", true)]
    [InlineData("2026-01-02T06:00:00Z", false)]
    public void Hours_may_go_over_midnight(string instant, bool excluded) => Assert.Equal(excluded, IsExcluded(instant, Night));

    [Theory]
    [InlineData("2026-10-24T23:59:59Z", false)]
    [InlineData("2026-10-25T00:00:00Z", true)]  // 2:00 the first time
    [InlineData("2026-10-25T01:59:59Z", true)]  // 2:59:59 the second time
    [InlineData("2026-10-25T02:00:00Z", false)]
    [InlineData("2026-03-29T00:59:59Z", false)]
    [InlineData("2026-03-29T01:00:00Z", false)] // 3:00: there is no 2 o'clock that day
    public void Hours_that_happen_twice_are_excluded_twice_and_those_that_do_not_happen_exclude_nothing(
        string instant, bool excluded) =>
        Assert.Equal(excluded, IsExcluded(instant, Exclusion.Times(new(2, 0), new(3, 0)).In("Europe/Berlin")));

    [Theory]
    [InlineData("2026-01-04T02:00:00Z", true)]
    [InlineData("2026-01-04T04:59:59Z", true)]
    [InlineData("2026-01-04T05:00:00Z", false)]
    [InlineData("2026-01-05T02:00:00Z", false)]
    public void Another_schedule_is_excluded_for_a_while_each_time(string instant, bool excluded) =>
        Assert.Equal(excluded, IsExcluded(instant, Exclusion.Cron("0 2 * * SUN", 3.Hours)));

    [Fact]
    public void Another_schedule_without_a_duration_excludes_the_very_instant()
    {
        Assert.True(IsExcluded("2026-01-04T02:00:00Z", Exclusion.Cron("0 2 * * *")));
        Assert.False(IsExcluded("2026-01-04T02:00:00.0000001Z", Exclusion.Cron("0 2 * * *")));
    }

    [Fact]
    public void Dates_are_those_of_the_tasks_zone_unless_they_have_their_own()
    {
        var newYear = Exclusion.Dates(new DateOnly(2026, 1, 1));

        Assert.True(IsExcluded("2026-01-01T00:00:00Z", newYear));
        Assert.False(IsExcluded("2025-12-31T23:00:00Z", newYear));
        Assert.True(Times(options => (options.TimeZone, options.Cron) = ("Europe/Berlin", "* * * * *"), newYear)
            .At(Ticks("2025-12-31T23:00:00Z")).IsExcluded);
        Assert.False(Times(options => options.TimeZone = "Europe/Berlin", newYear.In("America/New_York"))
            .At(Ticks("2025-12-31T23:00:00Z")).IsExcluded);
        Assert.Null(newYear.Zone); // the one in New York is another
    }

    [Fact]
    public void The_ends_of_time_are_no_trouble()
    {
        foreach (var zone in new[] { "UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago" })
        {
            foreach (var exclusion in new[] { Weekend, Night, Exclusion.Dates(_ => true), Exclusion.Cron("0 2 * * *", 3.Hours),
                Exclusion.Cron("* * * * *", TimeSpan.MaxValue) })
            {
                foreach (var instant in new[] { 0, 1, DateTime.MaxValue.Ticks - 1, DateTime.MaxValue.Ticks })
                    Assert.True(Times(_ => { }, exclusion.In(zone)).At(instant).End > instant);
            }
        }
    }

    [Fact]
    public void A_factory_says_what_it_cannot_exclude()
    {
        Assert.StartsWith("The excluded times begin and end at 08:00:00.",
            Assert.Throws<ArgumentException>(() => Exclusion.Times(new(8, 0), new(8, 0))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Exclusion.Weekdays((DayOfWeek)7));
        Assert.Throws<ArgumentOutOfRangeException>(() => Exclusion.Cron("* * * * *", -1.Seconds));
    }

    private static readonly Gen<Exclusion> AnyExclusion = Gen.OneOf(
        Gen.Enum<DayOfWeek>().Array[0, 6].Select(Exclusion.Weekdays),
        Gen.Int[0, 40].Array[0, 10].Select(days => Exclusion.Dates(days.Select(day => new DateOnly(2026, 3, 1).AddDays(day)))),
        Gen.Select(Gen.Int[0, 1439], Gen.Int[1, 1439],
            (from, length) => Exclusion.Times(new TimeOnly(0).AddMinutes(from), new TimeOnly(0).AddMinutes(from + length))),
        Gen.Select(OneOf("0 2 * * *", "*/7 * * * *", "30 1-3 * * SUN", "0 0 * 4 *"), Gen.Int[0, 200],
            (cron, minutes) => Exclusion.Cron(cron, minutes.Minutes)));

    private static readonly Gen<ISlotGrid> AnyGrid = Gen.OneOf(
        Gen.Int[1, 5_000].Select(ISlotGrid (minutes) => new FixedRate(minutes.Minutes)),
        OneOf("*/20 * * * *", "30 2 * * *", "0 9-17 * * MON-FRI", "0 0 1 * *")
            .Select(ISlotGrid (cron) => CronSchedule.Parse(cron, "Europe/Berlin")));

    [Fact]
    public void Going_by_stretches_finds_what_looking_at_every_slot_finds() => Gen.Select(
        AnyGrid, AnyExclusion.Array[1, 3], OneOf("UTC", "Europe/Berlin", "Australia/Lord_Howe"), Gen.Int[0, 40 * 1440],
        Gen.Int[0, 30 * 1440]).Sample(
        (grid, exclusions, zone, offset, length) =>
        {
            var times = Times(options => options.TimeZone = zone, exclusions);
            var allowed = new AllowedSlots(grid, times, TimeSpan.Zero);
            Instant origin = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero) + offset.Minutes;
            var first = grid.Next(new LoopState { From = origin }, origin);
            var upTo = first + length.Minutes;
            var slots = new List<Instant>();
            for (var slot = first; slot <= upTo + 200.Days; slot = grid.AtOrAfter(slot, slot.JustAfter))
            {
                if (!times.At(slot.UtcTicks).IsExcluded)
                    slots.Add(slot);
            }

            if (slots.Count < 2)
                return; // little is left: the next slot may be beyond what was looked at
            Assert.Equal(slots[0], allowed.From(first, onGrid: true));
            Assert.Equal(slots[1], allowed.AtOrAfter(slots[0], slots[0].JustAfter));
            Assert.Equal(slots[^2], allowed.Before(slots[^1], slots[^1]));

            var due = slots.Where(slot => slot <= upTo).ToList();
            if (due.Count > 0)
                Assert.Equal(new DueSlots(due.Count, due[^1]), allowed.Count(slots[0], upTo));
        },
        iter: 500);

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(n => texts[n]);

    private static bool IsExcluded(string instant, params Exclusion[] exclusions) =>
        Times(_ => { }, exclusions).At(Ticks(instant)).IsExcluded;

    private static long Ticks(string instant) =>
        DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture).UtcTicks;

    private static ExcludedTimes Times(Action<RecurringTaskOptions> configure, params Exclusion[] exclusions)
    {
        var options = new RecurringTaskOptions();
        configure(options);
        foreach (var exclusion in exclusions)
            options.Exclusions.Add(exclusion);
        var mistakes = new List<string>();
        var times = new ExcludedTimes(options, mistakes);
        Assert.Empty(mistakes);
        return times;
    }
}

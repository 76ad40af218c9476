using System.Globalization;

namespace SafeLoop.Terminal.Tests.Instants;

public class InstantReaderTests
{
    private const string Berlin = "Europe/Berlin";

    [Theory]
    // A time of day is the last one that has passed, in the zone.
    [InlineData("03:00", Berlin, "2026-03-27T06:00:00Z", "2026-03-27T03:00:00+01:00")]
    [InlineData("8:00", Berlin, "2026-03-27T06:00:00Z", "2026-03-26T08:00:00+01:00")]
    [InlineData("07:00:00", Berlin, "2026-03-27T06:00:00Z", "2026-03-27T07:00:00+01:00")]
    [InlineData("03:00", null, "2026-03-27T06:00:00Z", "2026-03-27T03:00:00+00:00")]
    // Skipped: when the gap ends. Occurring twice: the second, which has passed last.
    [InlineData("02:30", Berlin, "2026-03-29T06:00:00Z", "2026-03-29T03:00:00+02:00")]
    [InlineData("02:30", Berlin, "2026-10-25T06:00:00Z", "2026-10-25T02:30:00+01:00")]
    // With a date: the first of two.
    [InlineData("2026-10-25 02:30", Berlin, "2026-11-30T06:00:00Z", "2026-10-25T02:30:00+02:00")]
    [InlineData("2026-03-29T02:30:00", Berlin, "2026-11-30T06:00:00Z", "2026-03-29T03:00:00+02:00")]
    [InlineData("2024-02-29 12:00", "Asia/Kathmandu", "2026-11-30T06:00:00Z", "2024-02-29T12:00:00+05:45")]
    [InlineData("2026-03-29", Berlin, "2026-11-30T06:00:00Z", "2026-03-29T00:00:00+01:00")]
    // An instant is exact.
    [InlineData("2026-03-29T03:00:00.5Z", Berlin, "2026-11-30T06:00:00Z", "2026-03-29T05:00:00.5+02:00")]
    [InlineData("now", "UTC", "2026-11-30T06:00:00Z", "2026-11-30T06:00:00+00:00")]
    public void A_time_is_read_in_the_zone(string text, string? zone, string now, string expected)
    {
        var chosen = new InstantReader(At(now), isPast: true).Read("--at", text, zone);

        Assert.Equal(At(expected).ToString("O"), chosen.Instant.ToString("O"));
    }

    [Theory]
    [InlineData("03:00", "03:00 is taken as 2026-03-29 03:00:00 +02:00 in Europe/Berlin, the last one that has passed.")]
    [InlineData("02:30", "02:30 is taken as 2026-03-29 03:00:00 +02:00 in Europe/Berlin, that time does not exist then, "
        + "because the clock is set forward.")]
    [InlineData("2025-10-26 02:30", "2025-10-26 02:30 is taken as 2025-10-26 02:30:00 +02:00 in Europe/Berlin, the first of "
        + "two; write the offset to choose the other.")]
    [InlineData("2026-03-28 03:00", "2026-03-28 03:00 is taken as 2026-03-28 03:00:00 +01:00 in Europe/Berlin.")]
    [InlineData("2026-03-28T02:00:00Z", null)]
    public void It_says_which_day_and_zone_it_took(string text, string? sentence) =>
        Assert.Equal(sentence, new InstantReader(At("2026-03-29T06:00:00Z"), isPast: true).Read("--at", text, Berlin).Reading);

    [Fact]
    public void An_end_is_the_next_such_time()
    {
        var chosen = new InstantReader(At("2026-03-27T06:00:00Z"), isPast: false).Read("--until", "06:00", Berlin);

        Assert.Equal(At("2026-03-28T05:00:00Z"), chosen.Instant);
        Assert.Equal("06:00 is taken as 2026-03-28 06:00:00 +01:00 in Europe/Berlin, the next one.", chosen.Reading);
    }

    [Theory]
    [InlineData("3", "UTC", "--at is '3', but it must be a time such as 03:00")]
    [InlineData("25:00", "UTC", "it must be a time")]
    [InlineData("2026-02-30 03:00", "UTC", "it must be a time")]
    [InlineData("\u001b[2J", "UTC", @"--at is '\u001B[2J'")]
    [InlineData("0001-01-01 03:00", "UTC", "out of range")]
    [InlineData("03:00", "Europe/Berln", "Europe/Berln")]
    public void What_cannot_be_read_is_a_sentence(string text, string zone, string part)
    {
        var error = Assert.Throws<ToolException>(
            () => new InstantReader(At("2026-03-27T06:00:00Z"), isPast: true).Read("--at", text, zone));

        Assert.Equal(TaskExitCode.Usage, error.ExitCode);
        Assert.Contains(part, error.Message);
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}

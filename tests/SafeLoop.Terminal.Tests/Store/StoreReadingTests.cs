using Microsoft.Extensions.Time.Testing;
using SafeLoop.Store.Tool;

namespace SafeLoop.Terminal.Tests.Store;

public sealed class StoreReadingTests(StoredHost host) : IClassFixture<StoredHost>
{
    [Fact]
    public async Task Tasks_are_those_that_are_stored_and_it_says_what_a_store_cannot_know()
    {
        var ran = await host.RunAsync("tasks");

        Assert.Equal(TaskExitCode.Done, ran.Code);
        Assert.Equal(
            "TASK     STATE    SCHEDULE                                      LAST       ENDED                    FAILURES",
            ran.Lines[0]);
        Assert.Equal("devices  unknown  every 1 h, or that long after each iteration", ran.Lines[1]);
        Assert.Equal(
            "flaky    unknown  every 6 h, or that long after each iteration  failed     2026-03-30 06:00:00 UTC  13 in a row",
            ran.Lines[2]);
        Assert.Equal("nightly  unknown  0 3 * * * Europe/Berlin                       succeeded  2026-03-30 01:00:00 UTC",
            ran.Lines[3]);
        Assert.Equal("yearly   unknown  0 0 1 1 *", ran.Lines[4]);
        Assert.Equal("No host is running.", ran.Lines[5]);
        Assert.StartsWith("A store does not know what is running now", ran.Lines[6], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_JSON_of_tasks_has_what_is_documented()
    {
        var list = (await host.RunAsync("tasks", "--json", "--text", "night")).Json;

        var task = Assert.Single(list.GetProperty("tasks").EnumerateArray());
        Assert.Equal("0 3 * * * Europe/Berlin", task.GetProperty("schedule").GetString());
        Assert.Equal("Europe/Berlin", task.GetProperty("zone").GetString());
        Assert.False(task.TryGetProperty("state", out _));
        Assert.False(task.TryGetProperty("nextSlot", out _));
        Assert.Equal("Stopped", Assert.Single(list.GetProperty("instances").EnumerateArray()).GetProperty("state").GetString());
    }

    [Fact]
    public async Task Why_finds_what_is_recorded()
    {
        var ran = await host.RunAsync("why", "nightly", "--at", "03:00");

        Assert.Equal(
            "03:00 is taken as 2026-03-30 03:00:00 +02:00 in Europe/Berlin, the last one that has passed.", ran.Lines[0]);
        Assert.Contains("succeeded", ran.Lines[1], StringComparison.OrdinalIgnoreCase);
        var failed = await host.RunAsync("why", "flaky", "--at", "2026-03-29 12:00");
        Assert.Contains(@"\u001B[31mred", failed.Output);
        Assert.DoesNotContain('\u001b', failed.Output);
    }

    [Theory]
    [InlineData("2026-03-29 04:00", "Its stored schedule (0 3 * * * Europe/Berlin) has no slot then.")]
    [InlineData("2026-03-25 03:00", "Its stored schedule (0 3 * * * Europe/Berlin) has a slot then, which no host has recorded")]
    [InlineData("2026-04-25 03:00", "That is yet to come.")]
    public async Task Why_goes_by_the_stored_schedule_where_nothing_is_recorded(string at, string sentence)
    {
        var ran = await host.RunAsync("why", "nightly", "--at", at);

        Assert.Equal(TaskExitCode.Done, ran.Code);
        Assert.Contains("The store has no record of 'nightly' at ", ran.Lines[1]);
        Assert.Contains(sentence, ran.Lines[1]);
    }

    [Fact]
    public async Task Why_does_not_miss_a_record_of_a_slot_that_is_yet_to_come()
    {
        var ran = await host.RunAsync("why", "nightly", "--at", "2026-04-25 03:00");

        Assert.Contains("Its stored schedule (0 3 * * * Europe/Berlin) has a slot then. That is yet to come.", ran.Lines[1]);
    }

    [Fact]
    public async Task Why_says_what_is_missing()
    {
        var never = await host.RunAsync("why", "yearly", "--at", "03:00");
        var interval = await host.RunAsync("why", "flaky", "--at", "03:00");

        Assert.Contains("The store has no record of 'yearly' at all", never.Output);
        Assert.Contains("Its stored schedule (06:00:00) does not say whether it was due.", interval.Output);
    }

    [Fact]
    public async Task Why_says_that_a_key_may_have_succeeded_without_a_record()
    {
        var ran = await host.RunAsync("why", "devices", "--key", "south", "--at", "05:00");
        var recorded = await host.RunAsync("why", "devices", "--key", "north", "--at", "2026-03-30 04:00");

        Assert.Equal(TaskExitCode.Done, ran.Code);
        Assert.Equal(
            "The store has no record of 'devices[south]' at 2026-03-30 05:00:00 UTC. Successes of a key are recorded only with "
                + "SurviveRestarts, so it may have succeeded. Its stored schedule (01:00:00) does not say whether it was due.",
            ran.Lines[1]);
        Assert.StartsWith("The slot of 'devices[north]' at 2026-03-30 04:00:00 UTC", recorded.Lines[1], StringComparison.Ordinal);
        Assert.Contains("Offline.", recorded.Lines[1]);
    }

    [Fact]
    public async Task Why_has_one_zone()
    {
        var task = await host.RunAsync("why", "nightly", "--at", "2026-03-30T01:00:00Z");
        var nothing = await host.RunAsync("why", "nightly", "--at", "2026-03-25 03:00");
        var other = await host.RunAsync("why", "nightly", "--at", "2026-03-30T01:00:00Z", "--zone", "Asia/Tokyo");

        Assert.Contains("2026-03-30 03:00:00 +02:00", task.Lines[0]);
        Assert.Contains("2026-03-25 03:00:00 +01:00", nothing.Lines[1]);
        Assert.Contains("2026-03-30 10:00:00 +09:00", other.Lines[0]);
        Assert.DoesNotContain("UTC", task.Output + nothing.Output + other.Output);
    }

    [Fact]
    public async Task Next_goes_by_the_stored_schedule_and_says_so()
    {
        var ran = await host.RunAsync("next", "nightly", "--count", "1");

        Assert.Equal("2026-03-31 03:00:00 +02:00", ran.Lines[2]);
        Assert.StartsWith("The store has no exclusions, jitter, back-off", ran.Lines[3], StringComparison.Ordinal);
        var interval = await host.RunAsync("next", "flaky");
        Assert.Equal("No next slot is known.", interval.Lines[1]);
        Assert.StartsWith("The store has the interval (06:00:00), but not", interval.Lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task History_is_that_of_the_store()
    {
        var ran = await host.RunAsync("history", "devices", "--key", "north", "--failed", "--take", "2");
        var none = await host.RunAsync("history", "yearly");

        Assert.StartsWith("SLOT                     KEY    OUTCOME", ran.Lines[0], StringComparison.Ordinal);
        Assert.Contains("north  failed", ran.Lines[1]);
        Assert.Contains("Offline.", ran.Lines[1]);
        Assert.Equal("There are no records.", none.Output.Trim());
    }

    [Fact]
    public async Task Preview_compares_two_cron_schedules()
    {
        var ran = await host.RunAsync("preview", "nightly", "--cron", "0 3 * * 1-5");
        var zone = await host.RunAsync("preview", "nightly", "--zone", "UTC", "--json");
        var interval = await host.RunAsync("preview", "nightly", "--every", "1:00:00");

        Assert.StartsWith("Now 0 3 * * * Europe/Berlin: 366 slots. 262 stay, 0 are new, 104 are dropped.", ran.Lines[1],
            StringComparison.Ordinal);
        Assert.Equal("cron 0 3 * * * (UTC)", zone.Json.GetProperty("schedule").GetString());
        Assert.Contains("Only two cron schedules can be compared", interval.Output);
    }

    [Fact]
    public void Preview_says_that_it_ends_early_also_because_of_the_present_schedule()
    {
        var preview = new StoredPreview(new FakeTimeProvider(StoredHost.End))
            .Preview(new() { TaskName = "busy", Schedule = "* * * * *" }, "0 3 * * *", every: null, zone: null);

        Assert.Equal((14, 20_000 - 1), (preview.Count, preview.CountBefore));
        Assert.Single(preview.Notes, note => note.StartsWith("The preview ends before a year is over", StringComparison.Ordinal));
    }
}

using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Dashboard.Tests;

/// <summary>The coming slots, and what a changed schedule moves, before it is applied.</summary>
public sealed class ScheduleTests
{
    [Fact]
    public async Task The_coming_slots_of_all_tasks_are_listed_in_a_range()
    {
        await using var host = await StartAsync();

        var day = await host.GetAsync("upcoming");
        var hour = await host.GetAsync("upcoming?task=every&from=2026-01-01T05:00:00Z&to=2026-01-01T06:00:00Z");

        Assert.Equal(["every", "nightly"], day.GetProperty("tasks").EnumerateArray().Select(task => task.Text("task")));
        Assert.Equal("2026-01-01T02:30:00+00:00", day.GetProperty("tasks")[1].GetProperty("slots")[0].Text("slot"));
        Assert.Equal(12, hour.GetProperty("tasks")[0].GetProperty("slots").GetArrayLength());
        Assert.Equal("False", hour.GetProperty("tasks")[0].Text("isCut"));
    }

    [Fact]
    public async Task A_changed_expression_shows_what_moves_over_a_year_and_where_daylight_saving_matters()
    {
        await using var host = await StartAsync();

        var preview = await host.GetAsync("preview?task=nightly&cron=30%202,14%20*%20*%20*&zone=Europe/Berlin");

        Assert.Equal("cron 30 2 * * * (UTC)", preview.Text("scheduleBefore"));
        Assert.Equal("cron 30 2,14 * * * (Europe/Berlin)", preview.Text("schedule"));
        Assert.Equal(732, preview.GetProperty("count").GetInt32()); // 366 days
        Assert.Equal(0, preview.GetProperty("kept").GetInt32()); // 02:30 UTC is no local 02:30 or 14:30
        Assert.Equal("ShiftedToGapEnd", preview.GetProperty("daylight")[0].Text("daylight"));
        Assert.Equal("2026-03-29T01:00:00+00:00", preview.GetProperty("daylight")[0].Text("slot"));
        Assert.Equal("30 2 * * *", host.Time["nightly"].Options.Cron);
    }

    [Fact]
    public async Task A_schedule_without_a_task_says_where_daylight_saving_matters()
    {
        await using var host = await StartAsync();

        var preview = await host.GetAsync("preview?cron=30%202%2029%203%20*&zone=Europe/Berlin");

        Assert.Equal("2026-03-29T01:00:00+00:00", preview.GetProperty("daylight")[0].Text("slot"));
        Assert.Equal("ShiftedToGapEnd", preview.GetProperty("daylight")[0].Text("daylight"));
    }

    [Fact]
    public async Task A_long_period_is_previewed_to_the_end_of_the_calendar()
    {
        await using var host = await StartAsync();

        var preview = await host.GetAsync("preview?every=3650.00:00:00");

        Assert.Equal(0, preview.GetProperty("count").GetInt32());
        Assert.Equal(10, preview.GetProperty("next").GetArrayLength());
        Assert.Empty(preview.GetProperty("notes").EnumerateArray());
    }

    [Fact]
    public async Task Slots_that_stay_are_kept()
    {
        await using var host = await StartAsync();

        var preview = await host.GetAsync("preview?task=nightly&cron=30%202%20*%20*%201-5");

        Assert.Equal("0", preview.Text("added"));
        var dropped = preview.GetProperty("dropped").GetInt32();
        Assert.InRange(dropped, 104, 106);
        Assert.Equal(366 - dropped, preview.GetProperty("kept").GetInt32());
        Assert.Equal("2026-01-03T02:30:00+00:00", preview.GetProperty("firstDropped")[0].ToString());
    }

    [Fact]
    public async Task A_schedule_with_too_many_slots_is_compared_as_far_as_they_go()
    {
        await using var host = await StartAsync();

        var preview = await host.GetAsync("preview?task=every&every=00:00:01");
        var alone = await host.GetAsync("preview?cron=*/7%20*%20*%20*%20*&zone=Asia/Tokyo");

        Assert.True(preview.GetProperty("to").GetDateTimeOffset() < host.Time.Now.AddHours(6));
        Assert.InRange(preview.GetProperty("countBefore").GetInt32(), 60, 70);
        Assert.Contains("at most 20,000 slots", preview.GetProperty("notes")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal(2, alone.GetProperty("notes").GetArrayLength()); // 7 does not divide 60, and a year has more slots
        Assert.False(alone.TryGetProperty("kept", out _));
    }

    [Theory]
    [InlineData("preview", "The new schedule is missing. Give cron or every, or a task and another zone.")]
    [InlineData("preview?cron=0 3 * * *&every=00:05:00", "cron and every are there. Give one of them.")]
    [InlineData("preview?cron=0 3 * *", "*")]
    [InlineData("preview?task=nightly&cron=0 3 * * *&zone=Mars/Olympus", "*")]
    [InlineData("preview?every=0", "every must be a period from 1 ms to 3650 days, such as 00:05:00 or 1.00:00:00; it is '0'.")]
    [InlineData("upcoming?to=2027-01-01T00:00:00Z", "to is more than 31 days from now. Shorten the range.")]
    public async Task What_is_wrong_is_said_in_a_sentence(string path, string sentence)
    {
        await using var host = await StartAsync();

        var detail = await (await host.Client.GetAsync($"/loops/api/{path}")).ReadProblemAsync(HttpStatusCode.BadRequest);

        Assert.Equal(sentence == "*" ? detail : sentence, detail);
    }

    private static Task<DashboardHost> StartAsync() => DashboardHost.StartOpenAsync(builder =>
    {
        builder.Services.AddRecurringTask("nightly", (_, _) => ValueTask.CompletedTask).Cron("30 2 * * *");
        builder.Services.AddRecurringTask("every", (_, _) => ValueTask.CompletedTask).Every(TimeSpan.FromMinutes(5));
    });
}

using System.Diagnostics;
using System.Net;
using AngleSharp.Dom;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Dashboard.Tests;

/// <summary>The page of a task or a key: slots, history, failures, options, and what the viewer may do.</summary>
public sealed class OneTaskTests
{
    [Fact]
    public async Task It_shows_the_schedule_the_slots_and_links_each_to_why()
    {
        await using var host = await StartAsync();

        var page = await host.PageAsync("task?task=NIGHTLY%20report");

        Assert.Equal("nightly report", page.Text("h1"));
        Assert.Contains("30 2 * * *", page.Text("#head"));
        Assert.Equal(10, page.QuerySelectorAll(".next li").Length);
        var slot = (await host.PageAsync("task?task=resize%20images")).Hrefs("#slots svg a")[^1];
        Assert.Contains("2026-01-01T0", slot);
        Assert.Contains("'resize images'", (await host.PageAsync(slot)).Text(".answer"));
    }

    [Fact]
    public async Task Daylight_saving_is_marked_in_the_next_slots()
    {
        await using var host = await StartBeforeChangeAsync();

        var page = await host.PageAsync("task?task=nightly%20report");

        Assert.Equal("daylight saving", page.Text(".next .badge"));
    }

    [Fact]
    public async Task Failures_are_grouped_by_error()
    {
        await using var host = await StartAsync();

        var group = Assert.Single((await host.PageAsync("task?task=send%20invoices")).QuerySelectorAll(".errors > li"));

        Assert.Matches(@"^\d+ failures$", group.Text(".badge"));
        Assert.Contains("451 try again later", group.Text(".error-text"));
    }

    [Fact]
    public async Task The_history_is_filtered_and_paged_by_a_cursor()
    {
        await using var host = await StartAsync();

        var first = await host.PageAsync("task?task=import%20prices");
        var second = await host.PageAsync(first.Hrefs(".pager a").Single());
        var failed = await host.PageAsync("task?task=send%20invoices&outcome=Failed");

        Assert.Equal(25, first.QuerySelectorAll("#history tbody tr").Length);
        Assert.NotEqual(first.Text("#history tbody"), second.Text("#history tbody"));
        Assert.Contains("First page", second.Text(".pager"));
        Assert.All(failed.QuerySelectorAll("#history tbody .badge"), badge => Assert.Equal("failed", badge.TextContent));
        Assert.Equal("Failed", failed.QuerySelector("#outcome option[selected][value=Failed]")!.GetAttribute("value"));
    }

    [Fact]
    public async Task An_empty_history_blames_a_filter_only_when_there_is_one()
    {
        await using var host = await DashboardHost.StartOpenAsync(builder =>
            builder.Services.AddRecurringTask("yearly", (_, _) => Task.CompletedTask).Cron("0 0 1 7 *"));

        Assert.Equal("No slot has been recorded yet.", (await host.PageAsync("task?task=yearly")).Text("#history .empty"));
        Assert.Contains(
            "No slot matches.", (await host.PageAsync("task?task=yearly&outcome=Failed")).Text("#history .empty"));
    }

    [Fact]
    public async Task Options_say_where_they_come_from()
    {
        await using var host = await DashboardHost.StartOpenAsync(builder =>
        {
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["recurringtasks:SLOW:timeout"] = "00:00:10",
                ["RecurringTasks:slow:Cron"] = "0 * * * *",
                ["RecurringTasks:slow:Jitter"] = null,
            });
            builder.Services.AddRecurringTask("slow", (_, _) => Task.CompletedTask)
                .Every(TimeSpan.FromMinutes(1)).WithTimeout(TimeSpan.FromSeconds(5)).WithJitter(TimeSpan.FromSeconds(2))
                .PingAfter("https://ping.example.com/secret");
        });
        await host.Services.GetRequiredService<IRecurringTaskCommands>().SendAsync(new()
        {
            TaskName = "slow",
            Kind = TaskCommandKind.Change,
            Options = "{ \"StuckAfter\": \"00:00:03\" }",
            By = "Ann",
            Reason = "too much",
        });
        await host.Time.AdvanceAsync(TimeSpan.FromSeconds(1));

        var page = await host.PageAsync("task?task=slow");
        var rows = page.QuerySelectorAll("#options tbody tr").Select(row => row.Text("th, td:nth-child(2), li"))
            .ToList();

        Assert.Contains("Every none code: 1 min, hidden by the schedule of a higher layer", rows);
        Assert.Contains("Cron 0 * * * * configuration (memory)", rows);
        Assert.Contains("Timeout 10 s configuration (memory) code: 5 s, replaced", rows);
        Assert.Contains("Jitter 0 ms configuration (memory) code: 2 s, replaced", rows);
        Assert.Contains("StuckAfter 3 s changed by Ann 1 s ago: too much", rows);
        Assert.Contains("PingAfter ping.example.com code", rows);
        Assert.Contains("DrainFor 0 ms", page.QuerySelectorAll("#options .defaults div").Select(row => row.Text("dt, dd")));
        Assert.DoesNotContain("secret", page.Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_operation_needs_a_reason_and_leads_back_to_the_page_with_its_result()
    {
        await using var host = await StartAsync();
        var form = (await host.PageAsync("task?task=warm%20cache")).QuerySelector("#op-Pause form")!;
        Assert.True(form.QuerySelector("input[name=reason]")!.HasAttribute("required"));
        var id = form.QuerySelector("input[name=id]")!.GetAttribute("value")!;

        var without = await host.SendFormAsync("operate", ("kind", "Pause"), ("task", "warm cache"), ("id", id));
        var answer = await host.SendFormAsync(
            "operate", ("kind", "Pause"), ("task", "warm cache"), ("id", id), ("reason", "deployment"), ("for", "8"));
        var page = await host.PageAsync(answer.Headers.Location!.OriginalString);

        Assert.Equal(HttpStatusCode.BadRequest, without.StatusCode);
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.Equal($"task?task=warm%20cache&command={id}", answer.Headers.Location!.OriginalString);
        Assert.Contains("paused", page.Text("#command .result"));
        Assert.Contains("It resumes in 8 h", page.Text("#problems"));
        Assert.NotNull(page.QuerySelector("#op-Resume"));
        Assert.Null(page.QuerySelector("#op-Pause"));
        Assert.Contains("deployment", (await host.PageAsync("commands?task=warm%20cache")).Text("#commands"));
    }

    [Fact]
    public async Task Nothing_is_offered_that_is_not_permitted()
    {
        await using var host = await DashboardHost.StartAsync(DemoTasks.Add, app => app.MapRecurringTasks().AllowAnonymous());

        var page = await host.PageAsync("task?task=warm%20cache");
        var answer = await host.SendFormAsync("operate", ("kind", "Pause"), ("task", "warm cache"), ("reason", "why not"));

        Assert.Empty(page.QuerySelectorAll("form[action=operate], .ops"));
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task Errors_are_hidden_until_they_are_granted()
    {
        await using var host = await DashboardHost.StartAsync(DemoTasks.Add, app => app.MapRecurringTasks().AllowAnonymous());
        await DemoTasks.LiveAsync(host.Services, TimeSpan.FromHours(5));

        foreach (var path in new[] { "", "task?task=sync%20orders", "keys?task=poll%20devices&show=Failing" })
            Assert.DoesNotContain("orders.internal", (await host.PageAsync(path)).Source.Text);
    }

    [Fact]
    public async Task A_key_has_the_same_page_and_keys_are_found_by_their_beginning()
    {
        await using var host = await StartAsync();

        var failing = await host.PageAsync("keys?task=poll%20devices&show=Failing");
        var found = await host.PageAsync("keys?task=poll%20devices&prefix=device-00");
        var key = await host.PageAsync(failing.Hrefs("#keys .name")[0]);

        Assert.Equal(2, failing.QuerySelectorAll("#keys tbody tr").Length);
        Assert.Contains("does not answer", failing.Text("#keys tbody"));
        Assert.Equal(9, found.QuerySelectorAll("#keys tbody tr").Length);
        Assert.Contains("has failed", key.Text("#problems"));
        Assert.NotEmpty(key.QuerySelectorAll("#history tbody tr"));
    }

    [Fact]
    public async Task A_slot_that_was_not_due_is_explained_with_its_neighbours()
    {
        await using var host = await StartAsync();

        var page = await host.PageAsync("slot?task=warm%20cache&at=2026-01-01T01:01:00Z");

        Assert.Equal("Why did it not run?", page.Text("#why h2"));
        Assert.Equal(
            ["slot?task=warm%20cache&at=2026-01-01T01%3A00%3A00Z", "slot?task=warm%20cache&at=2026-01-01T01%3A03%3A00Z"],
            page.Hrefs("#why nav a"));
    }

    [Fact]
    public async Task The_slot_of_a_failure_has_its_trace_id_to_copy()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "SafeLoop",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.PropagationData,
        };
        ActivitySource.AddActivityListener(listener);
        await using var host = await DashboardHost.StartOpenAsync(builder => builder.Services
            .AddRecurringTask("poll", (iteration, _) => throw new FormatException()).Cron("* * * * *"));
        await host.Time.AdvanceAsync(TimeSpan.FromMinutes(1));
        var entry = Assert.Single((await host.GetAsync("history?task=poll")).GetProperty("entries").EnumerateArray());

        var page = await host.PageAsync($"slot?task=poll&at={entry.GetProperty("record").GetProperty("slot")}");

        var id = entry.GetProperty("traceId").GetString()!;
        Assert.Matches("^[0-9a-f]{32}$", id);
        Assert.Contains(id, page.QuerySelectorAll("#evidence .copy").Select(part => part.TextContent));
    }

    [Fact]
    public async Task Instances_have_their_memory_and_the_command_that_diagnoses()
    {
        await using var host = await StartAsync();

        var page = await host.PageAsync("instances");

        var card = Assert.Single(page.QuerySelectorAll("#instances article"));
        Assert.Equal($"safeloop diagnose {Environment.ProcessId}", card.Text(".copy"));
        Assert.Matches(@"^[\d.]+ [MG]B of [\d.]+ [MG]B$", card.Text(".heap"));
        Assert.Matches("^Heap of .+, process [0-9]+ from .+ UTC to .+ UTC: first .+, highest .+, last .+; limit .+$",
            card.QuerySelector("svg")!.GetAttribute("aria-label"));
        Assert.NotEmpty(card.QuerySelector("polyline")!.GetAttribute("points")!);
    }

    [Fact]
    public async Task The_calendar_has_all_tasks_and_marks_changes_of_clocks()
    {
        await using var host = await StartBeforeChangeAsync();

        var page = await host.PageAsync("calendar?days=7");

        Assert.Contains("Europe/Berlin goes from +01:00 to +02:00", page.Text("#changes"));
        Assert.Contains("nightly report", page.Text("#agenda"));
        Assert.Contains("often", page.Text("#load"));
        Assert.NotEmpty(page.QuerySelectorAll(".heat rect title"));
    }

    [Fact]
    public async Task The_days_of_the_calendar_are_in_order_also_where_each_task_has_its_own_zone()
    {
        await using var host = await DashboardHost.StartOpenAsync(builder =>
        {
            builder.Services.AddRecurringTask("east", (_, _) => Task.CompletedTask).Cron("0 3 * * *", "Asia/Tokyo");
            builder.Services.AddRecurringTask("west", (_, _) => Task.CompletedTask).Cron("0 20 * * *", "UTC");
        });
        host.Client.DefaultRequestHeaders.Add("Cookie", "safeloop-zone=task");
        await host.Time.AdvanceAsync(TimeSpan.FromHours(12)); // in Tokyo it is the next day when east is due

        var page = await host.PageAsync("calendar?days=1");

        Assert.Equal(
            ["Thu 1 Jan 2026", "Fri 2 Jan 2026"], page.QuerySelectorAll(".day h3").Select(day => day.TextContent));
    }

    private static async Task<DashboardHost> StartBeforeChangeAsync()
    {
        var host = await DashboardHost.StartOpenAsync(builder =>
        {
            builder.Services.AddRecurringTask("nightly report", (_, _) => Task.CompletedTask).Cron("30 2 * * *", "Europe/Berlin");
            builder.Services.AddRecurringTask("often", (_, _) => Task.CompletedTask).Every(TimeSpan.FromMinutes(1))
                .StartAt(DemoTasks.Start);
        });
        await host.Time.AdvanceAsync(TimeSpan.FromDays(85));
        return host;
    }

    private static async Task<DashboardHost> StartAsync()
    {
        var host = await DashboardHost.StartOpenAsync(DemoTasks.Add);
        await DemoTasks.LiveAsync(host.Services, TimeSpan.FromHours(5));
        return host;
    }
}

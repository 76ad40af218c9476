using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Dashboard.Tests;

/// <summary>What the API answers about tasks, history, slots and commands.</summary>
public sealed class ReadTests
{
    [Fact]
    public async Task Tasks_are_listed_by_name_in_pages()
    {
        await using var host = await StartAsync("c", "a", "B", "d/é?&x");

        var first = await host.GetAsync("tasks?pageSize=3");
        var second = await host.GetAsync($"tasks?pageSize=3&cursor={Uri.EscapeDataString(first.Text("cursor")!)}");

        Assert.Equal(["a", "B", "c"], first.GetProperty("tasks").EnumerateArray().Select(task => task.Text("name")));
        Assert.Equal(["d/é?&x"], second.GetProperty("tasks").EnumerateArray().Select(task => task.Text("name")));
        Assert.False(second.TryGetProperty("cursor", out _));
    }

    [Fact]
    public async Task Tasks_are_filtered_by_text_and_state()
    {
        await using var host = await StartAsync("orders", "prices");
        host.Time["prices"].Pause("maintenance");

        var paused = await host.GetAsync("tasks?state=paused");
        var found = await host.GetAsync("tasks?text=ORD");

        Assert.Equal("prices", Assert.Single(paused.GetProperty("tasks").EnumerateArray()).Text("name"));
        Assert.Equal("maintenance", paused.GetProperty("tasks")[0].Text("snapshot", "pause", "reason"));
        Assert.Equal("orders", Assert.Single(found.GetProperty("tasks").EnumerateArray()).Text("name"));
    }

    [Fact]
    public async Task A_task_has_its_state_its_records_and_its_next_slots()
    {
        await using var host = await StartAsync("d/é?&x");
        await host.Time.AdvanceAsync(TimeSpan.FromMinutes(2));

        var task = await host.GetAsync($"task?task={Uri.EscapeDataString("D/é?&x")}");

        Assert.Equal("every 1 min", task.Text("task", "schedule"));
        Assert.Equal("Waiting", task.Text("task", "snapshot", "state"));
        Assert.Equal(3, task.GetProperty("records").GetArrayLength());
        Assert.Equal("2026-01-01T00:02:00+00:00", task.GetProperty("records")[0].Text("slot"));
        Assert.Equal("2026-01-01T00:03:00+00:00", task.GetProperty("upcoming")[0].Text("slot"));
    }

    [Fact]
    public async Task History_is_filtered_and_paged()
    {
        await using var host = await StartAsync("orders", "prices");
        await host.Time.AdvanceAsync(TimeSpan.FromMinutes(9));

        var first = await host.GetAsync("history?task=prices&outcome=succeeded&from=2026-01-01T00:05:00Z&pageSize=3");
        var second = await host.GetAsync(
            "history?task=prices&outcome=succeeded&from=2026-01-01T00:05:00Z&pageSize=3"
            + $"&cursor={Uri.EscapeDataString(first.Text("cursor")!)}");

        Assert.Equal(3, first.GetProperty("entries").GetArrayLength());
        Assert.Equal(2, second.GetProperty("entries").GetArrayLength());
        Assert.Equal("Succeeded", second.GetProperty("entries")[0].Text("record", "outcome"));
    }

    [Fact]
    public async Task A_slot_is_explained()
    {
        await using var host = await StartAsync("prices");

        var slot = await host.GetAsync("slot?task=prices&at=2026-01-01T01:00:00+01:00");

        Assert.Contains("'prices' at 2026-01-01 00:00:00 UTC", slot.Text("text"));
        Assert.Equal("Succeeded", slot.Text("entry", "record", "outcome"));
    }

    [Fact]
    public async Task Commands_are_listed_and_found()
    {
        await using var host = await StartAsync("prices");
        var command = new TaskCommand { TaskName = "prices", Kind = TaskCommandKind.Pause, By = "ann", Reason = "calm" };
        await host.Services.GetRequiredService<IRecurringTaskCommands>().SendAsync(command);

        var all = await host.GetAsync("commands?task=prices");
        var one = await host.GetAsync($"command?id={command.Id}");

        Assert.Equal("ann", Assert.Single(all.GetProperty("commands").EnumerateArray()).Text("command", "by"));
        Assert.Equal("Completed", one.Text("state"));
        Assert.Equal("paused", one.Text("text"));
    }

    [Theory]
    [InlineData("task", HttpStatusCode.BadRequest, "task is missing. The name of the task; capitals do not matter.")]
    [InlineData("task?task=price", HttpStatusCode.NotFound, "There is no recurring task named 'price', did you mean 'prices'?")]
    [InlineData("tasks?state=1", HttpStatusCode.BadRequest,
        "state must be one of NotStarted, Waiting, Running, Stuck, Paused, Disabled, Ended; it is '1'.")]
    [InlineData("tasks?pageSize=0", HttpStatusCode.BadRequest, "pageSize must be a number from 1 to 1000; it is '0'.")]
    [InlineData("tasks?text=a&text=b", HttpStatusCode.BadRequest, "text is there 2 times. Give it once.")]
    [InlineData("history?key=x", HttpStatusCode.BadRequest, "*")]
    [InlineData("history?cursor=x", HttpStatusCode.BadRequest, "*")]
    [InlineData("slot?task=prices&at=2026-01-01T00:00:00", HttpStatusCode.BadRequest,
        "at must be an instant with its offset, such as 2026-03-29T03:00:00Z or 2026-03-29T03:00:00+01:00; it is "
        + "'2026-01-01T00:00:00'.")]
    [InlineData("slot?task=prices&at=2026-01-01%2003:00", HttpStatusCode.BadRequest, // a time, not an offset of three hours
        "at must be an instant with its offset, such as 2026-03-29T03:00:00Z or 2026-03-29T03:00:00+01:00; it is "
        + "'2026-01-01 03:00'.")]
    [InlineData("slot?task=prices&key=x&at=2026-01-01T00:00:00Z", HttpStatusCode.BadRequest,
        "Recurring task 'prices' has no keys, but the key 'x' was given. Leave it out.")]
    [InlineData("command?id=7", HttpStatusCode.BadRequest, "id must be a GUID; it is '7'.")]
    [InlineData("command?id=00000000-0000-0000-0000-000000000001", HttpStatusCode.NotFound, "*")]
    public async Task What_is_wrong_is_said_in_a_sentence(string path, HttpStatusCode status, string sentence)
    {
        await using var host = await StartAsync("prices");

        var answer = await (await host.Client.GetAsync($"/loops/api/{path}")).ReadProblemAsync(status);

        Assert.Equal(sentence == "*" ? answer : sentence, answer);
        Assert.DoesNotContain("Parameter '", answer);
    }

    [Fact]
    public async Task Every_answer_has_the_headers()
    {
        await using var host = await StartAsync("prices");
        foreach (var path in new[] { "tasks", "task", "history", "commands", "slot" })
        {
            var headers = (await host.Client.GetAsync($"/loops/api/{path}")).Headers;

            Assert.Equal(
                "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
                    + "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
                Assert.Single(headers.GetValues("Content-Security-Policy")));
            Assert.Equal("nosniff", Assert.Single(headers.GetValues("X-Content-Type-Options")));
            Assert.Equal("same-origin", Assert.Single(headers.GetValues("Referrer-Policy")));
            Assert.Equal("same-origin", Assert.Single(headers.GetValues("Cross-Origin-Resource-Policy")));
            Assert.Equal("no-store", headers.CacheControl?.ToString());
        }
    }

    private static Task<DashboardHost> StartAsync(params string[] tasks) => DashboardHost.StartOpenAsync(builder =>
    {
        foreach (var task in tasks)
            builder.Services.AddRecurringTask(task, (_, _) => ValueTask.CompletedTask).Every(TimeSpan.FromMinutes(1));
    });
}

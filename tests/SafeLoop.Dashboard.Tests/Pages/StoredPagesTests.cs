using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Dashboard.Tests;

/// <summary>The pages of two replicas over one store: each shows both, and answers also when the store does not.</summary>
public sealed class StoredPagesTests
{
    private static readonly string[] Paths =
    [
        "", "task?task=shared", "task?task=only%20one", "task?task=devices", "keys?task=devices", "key?task=devices&key=7",
        "slot?task=only%20one&at=2026-01-01T00:00:00Z", "calendar", "commands", "instances", "preview?task=shared",
        "bulk?text=shared",
    ];

    [Fact]
    public async Task Each_page_shows_what_the_other_replica_has_done()
    {
        await using var replicas = await StartAsync();
        var other = replicas.Other;
        await SendAsync(replicas.One, "only one", TaskCommandKind.Pause, "release");
        await replicas.AdvanceAsync(TimeSpan.FromMinutes(3));

        var overview = await other.PageAsync("");
        var task = await other.PageAsync("task?task=only%20one");
        var key = await other.PageAsync("key?task=devices&key=7");
        var commands = await other.PageAsync("commands");
        var instances = await other.PageAsync("instances");

        Assert.Contains("on another host", overview.Text("[id='task-only%20one']"));
        Assert.NotEmpty(overview.QuerySelectorAll("[id='task-only%20one'] .strip g"));
        Assert.Contains("release", overview.Text("#attention"));
        Assert.Contains("release", task.Text("main"));
        Assert.NotEmpty(task.QuerySelectorAll("#history tbody tr"));
        Assert.Contains("bad weather", key.Text("main"));
        Assert.Contains("release", commands.Text("#commands"));
        Assert.Contains("Ann", commands.Text("#commands"));
        Assert.Equal(2, instances.QuerySelectorAll("#instances article").Length);
    }

    [Fact]
    public async Task A_command_from_a_page_of_one_replica_is_carried_out_by_the_other_and_its_result_is_seen()
    {
        await using var replicas = await StartAsync();
        var id = Guid.NewGuid().ToString();

        var answer = await replicas.Other.SendFormAsync(
            "operate", ("kind", "Pause"), ("task", "only one"), ("id", id), ("reason", "calm"));
        var before = await replicas.Other.PageAsync(answer.Headers.Location!.OriginalString);
        await replicas.AdvanceAsync(TimeSpan.FromSeconds(12));
        var after = await replicas.Other.PageAsync(answer.Headers.Location!.OriginalString);

        Assert.DoesNotContain("paused", before.Text("#command .result"));
        Assert.Contains("paused", after.Text("#command .result"));
        Assert.Equal(RecurringTaskState.Paused, replicas.One.Time["only one"].State);
    }

    [Fact]
    public async Task Many_are_operated_through_the_other_replica()
    {
        await using var replicas = await StartAsync();

        var form = (await replicas.Other.PageAsync("bulk?kind=Pause")).QuerySelectorAll("#bulk input[type=hidden]")
            .Select(field => (field.GetAttribute("name")!, field.GetAttribute("value")!));
        var answer = await replicas.Other.SendFormAsync("bulk", [.. form, ("reason", "release")]);
        await replicas.AdvanceAsync(TimeSpan.FromSeconds(12));
        var page = await replicas.Other.PageAsync(answer.Headers.Location!.OriginalString);

        Assert.Equal("Pause: 3 commands carried out", page.Text("#outcome-title"));
        Assert.Equal(RecurringTaskState.Paused, replicas.One.Time["only one"].State);
    }

    [Fact]
    public async Task A_slot_between_two_microseconds_is_shown_once_though_the_store_keeps_microseconds()
    {
        await using var replicas = await Replicas.StartAsync(_ => { }, services =>
            services.AddRecurringTask("odd", (_, _) => throw new InvalidOperationException("bad weather"))
                .Every(TimeSpan.FromMinutes(1) + TimeSpan.FromTicks(3)));
        await replicas.AdvanceAsync(TimeSpan.FromMinutes(1.5));

        var overview = await replicas.One.PageAsync("");
        var task = await replicas.One.PageAsync("task?task=odd");

        Assert.Equal(2, overview.QuerySelectorAll("[id='task-odd'] .strip g").Length);
        Assert.Equal(2, task.QuerySelectorAll("#history tbody tr").Length);
        Assert.Equal(2, task.QuerySelectorAll("#slots svg g").Length);
    }

    [Fact]
    public async Task Counts_say_since_when_they_count()
    {
        await using var replicas = await StartAsync();
        await using var alone = await DashboardHost.StartOpenAsync(builder =>
            builder.Services.AddRecurringTask("t", (_, _) => ValueTask.CompletedTask).Every(TimeSpan.FromMinutes(1)));

        Assert.Contains("Since this host has started.", (await alone.PageAsync("task?task=t")).Text("#options"));
        Assert.Contains(
            "Iterations since this host has started. The other counts include what the store had then.",
            (await replicas.Other.PageAsync("task?task=shared")).Text("#options"));
        Assert.Contains("As the store has them.", (await replicas.Other.PageAsync("task?task=only%20one")).Text("#options"));
        Assert.Contains(
            "Since this host has started.", (await replicas.One.PageAsync("key?task=devices&key=7")).Text("#options"));
    }

    [Fact]
    public async Task Every_page_answers_when_the_store_is_down_and_says_so()
    {
        await using var replicas = await StartAsync();
        foreach (var path in Paths)
            await replicas.Other.PageAsync(path);
        await replicas.AdvanceAsync(TimeSpan.FromSeconds(6));

        replicas.Statements.IsDown = true;
        await replicas.AdvanceAsync(TimeSpan.FromSeconds(6));

        foreach (var path in Paths)
        {
            var answer = await replicas.Other.Client.GetAsync($"/loops/{path}");
            var html = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable
                or HttpStatusCode.NotFound, $"{path}: {answer.StatusCode}");
            Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
            Assert.DoesNotContain("   at ", html, StringComparison.Ordinal);
            if (path is "" or "task?task=shared")
                Assert.Contains("does not answer", html, StringComparison.Ordinal);
            if (path is "commands" or "instances")
                Assert.Contains("The store has not answered in time. Try again.", html, StringComparison.Ordinal);
        }
        Assert.NotEmpty((await replicas.Other.PageAsync("")).QuerySelectorAll("#tasks tbody tr"));
    }

    [Fact]
    public async Task The_overview_asks_the_store_as_often_for_500_tasks_as_for_five()
    {
        var few = await CountAsync(5);
        var many = await CountAsync(500);

        Assert.Equal(few, many);
        Assert.InRange(many, 1, 6);
    }

    private static async Task<int> CountAsync(int tasks)
    {
        await using var replicas = await Replicas.StartAsync(services =>
        {
            for (var task = 0; task < tasks; task++)
                services.AddRecurringTask($"task {task}", (_, _) => ValueTask.CompletedTask).Every(TimeSpan.FromMinutes(1));
        });
        await replicas.AdvanceAsync(TimeSpan.FromMinutes(2));
        await replicas.Other.PageAsync(""); // reads what it remembers, such as names
        await replicas.Other.Time.AdvanceAsync(TimeSpan.FromSeconds(4));
        var before = replicas.Statements.Reads;

        var page = await replicas.Other.PageAsync("");

        Assert.NotEmpty(page.QuerySelectorAll("#tasks tbody tr:first-child .strip g"));
        return replicas.Statements.Reads - before;
    }

    private static async Task<Replicas> StartAsync()
    {
        var replicas = await Replicas.StartAsync(
            services =>
            {
                services.AddRecurringTask("shared", (_, _) => ValueTask.CompletedTask).Every(TimeSpan.FromMinutes(1));
                services.AddRecurringTask<Device, int>("devices").Every(TimeSpan.FromMinutes(1));
            },
            services => services.AddRecurringTask("only one", (_, _) => ValueTask.CompletedTask).Every(TimeSpan.FromMinutes(1)));
        replicas.One.Services.GetRequiredService<IRecurringTaskKeys<Device, int>>().TryAdd(7);
        await replicas.AdvanceAsync(TimeSpan.FromMinutes(1));
        return replicas;
    }

    private static Task SendAsync(DashboardHost host, string task, TaskCommandKind kind, string reason) =>
        DemoTasks.SendAsync(host.Services, task, kind, reason, "Ann");

    private sealed class Device : IRecurringTask<int>
    {
        public ValueTask RunAsync(int key, Iteration iteration, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("bad weather");
    }
}

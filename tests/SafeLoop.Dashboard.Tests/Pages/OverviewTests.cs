using AngleSharp.Dom;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Dashboard.Tests;

/// <summary>The overview says what is wrong first, and has all tasks with their last slots.</summary>
public sealed class OverviewTests
{
    [Fact]
    public async Task Without_tasks_it_says_how_to_add_one()
    {
        await using var host = await DashboardHost.StartOpenAsync(_ => { });

        var page = await host.PageAsync("");

        Assert.Contains("There are no tasks yet", page.Text("#attention"));
        Assert.Contains("AddRecurringTask", page.Text("#attention"));
    }

    [Fact]
    public async Task What_is_wrong_comes_first_each_as_a_sentence_with_a_link()
    {
        await using var host = await StartAsync();

        var page = await host.PageAsync("");
        var problems = page.QuerySelectorAll(".problem").Select(problem => problem.Text("span + span")).ToArray();

        Assert.Contains("tasks need attention", page.Text("#attention h2"));
        Assert.Contains(problems, text =>
            text.StartsWith("Error: sync orders has failed") && text.Contains("Connection refused"));
        Assert.Contains(problems, text => text.StartsWith("Error: poll devices is failing for 2 of 24 keys"));
        Assert.Contains(problems, text => text.Contains("noticed too late"));
        Assert.Contains(problems, text => text.Contains("newsletter was paused by ann") && text.Contains("new template."));
        Assert.True(Array.FindIndex(problems, text => text.StartsWith("Notice"))
            > Array.FindLastIndex(problems, text => text.StartsWith("Error")));
        Assert.Contains("task?task=sync%20orders", page.Hrefs(".problem a"));
    }

    [Fact]
    public async Task A_stuck_key_is_a_problem_of_its_task_with_a_link_to_the_keys_that_run_longest()
    {
        await using var host = await DashboardHost.StartOpenAsync(builder => builder.Services
            .AddRecurringTask<Hang, string>("poll").Every(TimeSpan.FromMinutes(1)).WithTimeout(TimeSpan.FromSeconds(5)));
        var keys = host.Services.GetRequiredService<IRecurringTaskKeys<Hang, string>>();
        keys.TryAdd("a");
        keys.TryAdd("b");
        await host.Time.AdvanceAsync(TimeSpan.FromSeconds(30));

        var page = await host.PageAsync("");

        Assert.Equal(
            "Error: poll has a stuck key: its iteration was cancelled and has not ended.",
            page.QuerySelector(".problem")!.Text("span + span"));
        Assert.Contains("keys?task=poll&show=Slowest", page.Hrefs(".problem a"));
        var slowest = await host.PageAsync("keys?task=poll&show=Slowest");
        Assert.Contains("stuck", slowest.Text("main"), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_failing_task_says_when_it_last_succeeded()
    {
        var runs = 0;
        await using var host = await DashboardHost.StartOpenAsync(builder => builder.Services
            .AddRecurringTask("prices", (_, _) => ++runs == 1 ? Task.CompletedTask : throw new IOException("no route"))
            .Every(TimeSpan.FromMinutes(1)));
        await host.Time.AdvanceAsync(TimeSpan.FromSeconds(190));

        Assert.StartsWith(
            "Error: prices has failed 3 times in a row; it last succeeded 3 min ago.",
            (await host.PageAsync("")).QuerySelector(".problem")!.Text("span + span"));
    }

    [Fact]
    public async Task A_page_that_is_not_there_any_more_is_the_last_one()
    {
        await using var host = await DashboardHost.StartOpenAsync(builder =>
        {
            foreach (var number in Enumerable.Range(1, 120))
                builder.Services.AddRecurringTask($"job {number:000}", (_, _) => Task.CompletedTask).Every(TimeSpan.FromHours(1));
        });

        var page = await host.PageAsync("?page=9&sort=Name");

        Assert.Equal(20, page.QuerySelectorAll("#tasks tbody tr").Length);
        Assert.Contains("job 120", page.Text("#tasks tbody"));
        Assert.DoesNotContain("No host is known", (await host.PageAsync("instances?page=9")).Text("#instances"));
    }

    [Fact]
    public async Task A_strip_shows_each_outcome_by_colour_shape_and_words()
    {
        await using var host = await StartAsync();

        var page = await host.PageAsync("");
        var row = page.QuerySelector("#task-crawl\\%20catalog")!;

        Assert.StartsWith("Last slots:", row.QuerySelector("svg")!.GetAttribute("aria-label"));
        var late = row.QuerySelectorAll("svg g.late");
        Assert.NotEmpty(late);
        Assert.All(late, slot => Assert.Contains("timed out", slot.Text("title")));
        Assert.All(late, slot => Assert.Equal(3, slot.QuerySelectorAll("rect").Length)); // divided, so not by colour alone
    }

    [Fact]
    public async Task Tasks_are_filtered_and_sorted_by_links_and_a_form()
    {
        await using var host = await StartAsync();

        Assert.Equal(["newsletter"], Names(await host.PageAsync("?state=Paused")));
        Assert.Equal(["import prices"], Names(await host.PageAsync("?text=PRICE")));
        Assert.Equal(["crawl catalog", "resize images"], Names(await host.PageAsync("?sort=Duration"))[..2].Order());
        var names = Names(await host.PageAsync("?sort=Name"));
        Assert.Equal(names.Order(StringComparer.Ordinal), names);
        Assert.Contains("No task matches", (await host.PageAsync("?text=nothing")).Text("#tasks"));
        Assert.Contains("./?sort=Next", (await host.PageAsync("")).Hrefs("th a"));
    }

    [Fact]
    public async Task A_keyed_task_is_one_row_with_its_counts()
    {
        await using var host = await StartAsync();

        var row = (await host.PageAsync("")).QuerySelector("#task-poll\\%20devices")!;

        Assert.Contains("24 keys, 2 failing", row.Text(".sub"));
        Assert.Contains("keys?task=poll%20devices", row.Hrefs("a"));
    }

    private static string[] Names(IParentNode page) =>
        [.. page.QuerySelectorAll("#tasks .name").Select(element => element.TextContent)];

    private static async Task<DashboardHost> StartAsync()
    {
        var host = await DashboardHost.StartOpenAsync(DemoTasks.Add);
        await DemoTasks.LiveAsync(host.Services, TimeSpan.FromHours(5));
        return host;
    }

    private sealed class Hang(TimeProvider time) : IRecurringTask<string>
    {
        public async ValueTask RunAsync(string key, Iteration iteration, CancellationToken cancellationToken)
        {
            if (key == "a")
                await Task.Delay(TimeSpan.FromDays(1), time, CancellationToken.None);
        }
    }
}

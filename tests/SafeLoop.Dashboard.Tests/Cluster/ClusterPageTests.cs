using System.Net;
using AngleSharp.Dom;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Dashboard.Tests;

/// <summary>The page of the cluster: who is in it, who owns what, what moved, and why.</summary>
public sealed class ClusterPageTests : IAsyncLifetime
{
    private readonly FakeCluster _cluster = new();
    private DashboardHost _host = null!;

    [Fact]
    public async Task The_page_shows_members_how_the_shards_are_spread_and_the_last_moves()
    {
        _cluster.Shards.AddRange(
        [
            Shard("devices", 0, "north", seconds: 0),
            Shard("devices", 1, "north", seconds: 30) with { Previous = "<b>south</b>" },
            Shard("devices", 2, "north", seconds: 20) with { Previous = "<b>south</b>", WasLost = true, Losses = 2 },
            Shard("devices", 3, "<b>south</b>", seconds: 10) with { IsOwned = false },
            Shard("nightly", 0, null, seconds: 5) with { IsOwned = false, Previous = "north" },
        ]);

        var page = await _host.PageAsync("cluster");

        Assert.Equal("Cluster", page.Text("nav [aria-current]"));
        var members = page.QuerySelectorAll("#members tbody tr").Select(row => row.TextContent.ReplaceLineEndings(" ")).ToArray();
        Assert.Equal(2, members.Length);
        Assert.Matches("north.*this host.*active.*3.*2.*10.0.0.1", members[0]);
        Assert.Matches("<b>south</b>.*leaving.*0", members[1]);
        var tasks = page.QuerySelectorAll("#spread tbody tr").Select(row => row.TextContent.ReplaceLineEndings(" ")).ToArray();
        Assert.Matches("devices.*4.*north 3.*1.*1", tasks[0]);
        Assert.Matches("nightly.*1.*1.*0", tasks[1]);
        Assert.Equal(
            [
                "handed over", "the owner before was lost", "the owner is lost, and no host has taken it yet",
                "handed over, and not taken yet", "first owner",
            ],
            page.QuerySelectorAll("#moves tbody .badge").Select(badge => badge.TextContent));
        var one = await _host.PageAsync("cluster?task=nightly");
        Assert.Equal(2, one.QuerySelectorAll("#spread tbody tr, #moves tbody tr").Length);
    }

    [Fact]
    public async Task Viewers_share_one_query()
    {
        for (var viewer = 0; viewer < 50; viewer++)
            await _host.PageAsync("cluster");

        Assert.Equal(1, _cluster.Queries);
    }

    [Fact]
    public async Task When_the_store_does_not_answer_the_members_are_shown_and_no_message_of_the_store()
    {
        _cluster.Fault = new InvalidOperationException("password=secret");

        var page = await _host.PageAsync("cluster");

        Assert.Equal(2, page.QuerySelectorAll("#members tbody tr").Length);
        Assert.Contains("has not answered", page.Text("#spread"));
        Assert.DoesNotContain("secret", page.DocumentElement.OuterHtml);
    }

    [Fact]
    public async Task The_api_has_the_members_and_the_shards_of_a_task()
    {
        _cluster.Shards.Add(Shard("devices", 7, "north", seconds: 0));

        var members = (await _host.GetAsync("cluster")).GetProperty("members");
        var shards = (await _host.GetAsync("shards?task=devices")).GetProperty("shards");

        Assert.Equal("north", members[0].Text("name"));
        Assert.Equal(7, Assert.Single(shards.EnumerateArray()).GetProperty("index").GetInt32());
        Assert.Equal(HttpStatusCode.BadRequest, (await _host.Client.GetAsync("/loops/api/shards")).StatusCode);
    }

    [Fact]
    public async Task A_host_in_no_cluster_has_no_such_page()
    {
        await using var host = await DashboardHost.StartOpenAsync(_ => { });

        var page = await host.PageAsync("cluster", HttpStatusCode.NotFound);

        Assert.Contains("AddRecurringTaskCluster", page.Text("main"));
        Assert.DoesNotContain("Cluster", page.Text("header nav"));
        Assert.Equal(HttpStatusCode.NotFound, (await host.Client.GetAsync("/loops/api/cluster")).StatusCode);
    }

    public async Task InitializeAsync() => _host = await DashboardHost.StartOpenAsync(builder =>
    {
        builder.Services.AddSingleton<IRecurringTaskCluster>(_cluster);
        builder.Services.AddRecurringTask("devices", (_, _) => ValueTask.CompletedTask).Every(TimeSpan.FromMinutes(1));
        builder.Services.AddRecurringTask("nightly", (_, _) => ValueTask.CompletedTask).Cron("0 3 * * *");
    });

    public async Task DisposeAsync() => await _host.DisposeAsync();

    private ClusterShard Shard(string task, int index, string? owner, int seconds) => new()
    {
        TaskName = task, Index = index, Epoch = 100 + index, Owner = owner, IsOwned = true,
        Since = _host.Time.Now.AddSeconds(seconds - 60),
    };
}

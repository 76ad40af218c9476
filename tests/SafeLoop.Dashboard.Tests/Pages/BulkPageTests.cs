using System.Net;
using AngleSharp.Dom;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Dashboard.Tests;

/// <summary>A filter leads to a page that says how many match and which, asks why, acts and shows what came of it.</summary>
public sealed class BulkPageTests
{
    [Fact]
    public async Task The_filter_of_the_overview_leads_to_a_list_that_is_operated_and_its_outcome_shown()
    {
        await using var host = await StartAsync();
        var link = (await host.PageAsync("?text=pri")).Hrefs("#tasks a").Single(href => href.StartsWith("bulk"));

        var page = await host.PageAsync(link);
        Assert.Equal("Pause: 2 tasks", page.Text("#bulk-title"));
        Assert.Equal("prices privates", page.Text(".names li"));
        Assert.Contains("All tasks whose name contains 'pri'.", page.Text("#head"));
        var answer = await SendAsync(host, page, "release");
        var outcome = await host.PageAsync(answer.Headers.Location!.OriginalString);

        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.Equal("Pause: 2 commands carried out", outcome.Text("#outcome-title"));
        Assert.Equal(2, outcome.QuerySelectorAll("#outcome tbody tr").Length);
        Assert.Equal("release", host.Time["prices"].Snapshot().Pause!.Reason);
        Assert.Equal(RecurringTaskState.Waiting, host.Time["orders"].State);
    }

    [Fact]
    public async Task A_form_that_is_sent_twice_is_carried_out_once()
    {
        await using var host = await StartAsync();
        var page = await host.PageAsync("bulk?text=pri&kind=RunNow");

        await SendAsync(host, page, "again");
        var answer = await SendAsync(host, page, "again");
        await host.Time.AdvanceAsync(TimeSpan.Zero);
        var outcome = await host.PageAsync(answer.Headers.Location!.OriginalString);

        Assert.Equal(2, outcome.QuerySelectorAll("#outcome tbody tr").Length);
        Assert.Equal(1, host.Time["prices"].History.Count(record => record.IsManual));
    }

    [Fact]
    public async Task Nothing_is_done_when_the_list_has_changed_and_the_new_count_is_shown()
    {
        await using var host = await StartAsync();
        var page = await host.PageAsync("bulk?state=Waiting");
        host.Time["orders"].Pause();

        var answer = await SendAsync(host, page, "release");
        var again = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(await answer.Content.ReadAsStringAsync());

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.StartsWith("The list has changed since it was shown: 3 match now. Nothing was done.", again.Text("#mistake"));
        Assert.Equal("Pause: 3 tasks", again.Text("#bulk-title"));
        Assert.Equal("release", again.QuerySelector("#reason")!.GetAttribute("value"));
        Assert.Equal(RecurringTaskState.Waiting, host.Time["prices"].State);
        Assert.Equal(HttpStatusCode.SeeOther, (await SendAsync(host, again, "release")).StatusCode);
    }

    [Fact]
    public async Task Keys_are_operated_by_prefix_and_condition()
    {
        await using var host = await StartAsync();
        var keys = host.Services.GetRequiredService<IRecurringTaskKeys<Device, int>>();
        for (var key = 0; key < 50; key++)
            keys.TryAdd(key);
        await host.Time.AdvanceAsync(TimeSpan.FromSeconds(1));

        var link = (await host.PageAsync("keys?task=devices&show=Failing&prefix=1")).Hrefs("#keys a")
            .Single(href => href.StartsWith("bulk"));
        var page = await host.PageAsync(link);
        await SendAsync(host, page, "calm");

        Assert.Equal("Pause: 5 keys", page.Text("#bulk-title"));
        Assert.Equal(5, host.Time["devices"].Snapshot().Keys!.Paused);
    }

    [Fact]
    public async Task What_cannot_be_done_is_said()
    {
        await using var host = await StartAsync();
        var keys = host.Services.GetRequiredService<IRecurringTaskKeys<Device, int>>();
        for (var key = 0; key < 1_001; key++)
            keys.TryAdd(key);
        await host.Time.AdvanceAsync(TimeSpan.Zero);

        var many = await host.PageAsync("bulk?task=devices");
        var none = await host.PageAsync("bulk?text=nothing");
        var page = await host.PageAsync("bulk?text=pri");

        Assert.Contains("More than 1000 match. Narrow the filter.", many.Text("#bulk"));
        Assert.Contains("There is nothing to do.", none.Text("#bulk"));
        Assert.Empty(many.QuerySelectorAll("form[action=bulk]").Concat(none.QuerySelectorAll("form[action=bulk]")));
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(host, page, "")).StatusCode);
        await host.PageAsync("bulk?task=devices&text=a", HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Where_operations_are_off_there_is_no_such_page()
    {
        await using var host = await DashboardHost.StartAsync(
            builder => Register(builder.Services), app => app.MapRecurringTasks().AllowAnonymous());

        Assert.DoesNotContain((await host.PageAsync("")).Hrefs("a"), href => href.StartsWith("bulk"));
        await host.PageAsync("bulk?text=pri", HttpStatusCode.Forbidden);
        var answer = await host.SendFormAsync("bulk", ("kind", "Pause"), ("fingerprint", "x"), ("reason", "x"));
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    private static Task<HttpResponseMessage> SendAsync(DashboardHost host, IParentNode page, string reason) =>
        host.SendFormAsync(
            "bulk",
            [
                .. page.QuerySelectorAll("form[action=bulk] input[type=hidden]")
                    .Select(field => (field.GetAttribute("name")!, field.GetAttribute("value")!)),
                ("reason", reason),
            ]);

    private static Task<DashboardHost> StartAsync() => DashboardHost.StartOpenAsync(builder => Register(builder.Services));

    private static void Register(IServiceCollection services)
    {
        foreach (var task in (string[])["orders", "prices", "privates"])
            services.AddRecurringTask(task, (_, _) => ValueTask.CompletedTask).Every(TimeSpan.FromMinutes(1));
        services.AddRecurringTask<Device, int>("devices").Every(TimeSpan.FromMinutes(1));
    }

    private sealed class Device : IRecurringTask<int>
    {
        public ValueTask RunAsync(int key, Iteration iteration, CancellationToken cancellationToken) =>
            key % 2 == 0 ? throw new InvalidOperationException("bad") : default;
    }
}

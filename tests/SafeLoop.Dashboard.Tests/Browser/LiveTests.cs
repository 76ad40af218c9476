using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace SafeLoop.Dashboard.Tests;

/// <summary>What happens arrives in all tabs without a reload, over one stream of events.</summary>
[Trait("Category", "Browser")]
public sealed class LiveTests(Chromium chromium) : IClassFixture<Chromium>
{
    private int _runs;

    [Fact]
    public async Task An_operation_is_sent_and_its_outcome_arrives_live()
    {
        await using var host = await BrowserHost.StartAsync(Add);
        await using var context = await chromium.Browser.NewContextAsync();
        var page = await OpenAsync(host, context);
        await page.Locator("#op-RunNow summary").ClickAsync();
        await page.Locator("#reason-RunNow").FillAsync("look");
        await page.Locator("#op-RunNow button").ClickAsync();
        await page.Locator("#to").FillAsync("what is typed stays");

        await AdvanceUntilAsync(host, () => page.Locator("#history tbody tr").CountAsync(), rows => rows >= 2);

        Assert.Equal(1, _runs - 1);
        await Assertions.Expect(page.Locator("#command .result")).ToContainTextAsync("Succeeded");
        await Assertions.Expect(page.Locator("#to")).ToHaveValueAsync("what is typed stays");
    }

    [Fact]
    public async Task Twenty_tabs_are_all_live_over_one_stream()
    {
        await using var host = await BrowserHost.StartAsync(Add);
        await using var context = await chromium.Browser.NewContextAsync();
        var pages = new List<IPage>();
        foreach (var _ in Enumerable.Range(0, 20))
        {
            var page = await context.NewPageAsync();
            await page.GotoAsync($"{host.Address}task?task=yearly");
            pages.Add(page);
        }
        foreach (var page in pages)
            await Assertions.Expect(page.Locator("#live")).ToHaveTextAsync("Live");

        await DemoTasks.SendAsync(host.Services, "yearly", TaskCommandKind.Pause, "calm", "ann");
        foreach (var page in pages)
        {
            await page.BringToFrontAsync();
            await AdvanceUntilAsync(host, () => page.Locator("#op-Resume").CountAsync(), found => found == 1);
        }
    }

    [Fact]
    public async Task The_reason_that_is_typed_and_the_id_of_its_form_stay_while_the_page_changes()
    {
        await using var host = await BrowserHost.StartAsync(Add);
        await using var context = await chromium.Browser.NewContextAsync();
        var page = await OpenAsync(host, context);
        await page.Locator("#op-RunNow summary").ClickAsync();
        await page.Locator("#reason-RunNow").FillAsync("half a sen");
        var id = await page.Locator("#op-RunNow [name=id]").InputValueAsync();

        await DemoTasks.SendAsync(host.Services, "yearly", TaskCommandKind.Pause, "calm", "ann");
        await AdvanceUntilAsync(host, () => page.Locator("#op-Resume").CountAsync(), found => found == 1);

        await Assertions.Expect(page.Locator("#reason-RunNow")).ToHaveValueAsync("half a sen");
        await Assertions.Expect(page.Locator("#op-RunNow [name=id]")).ToHaveValueAsync(id);
    }

    [Fact]
    public async Task A_stream_that_has_gone_silent_is_not_called_live_and_is_opened_again()
    {
        await using var host = await BrowserHost.StartAsync(Add);
        await using var context = await chromium.Browser.NewContextAsync();
        var page = await context.NewPageAsync();
        await page.Clock.InstallAsync();
        await page.AddInitScriptAsync("delete window.SharedWorker; delete window.BroadcastChannel;"); // the tab listens itself
        await page.GotoAsync(host.Address);
        await Assertions.Expect(page.Locator("#live")).ToHaveTextAsync("Live");

        await page.RouteAsync("**/api/events", _ => { }); // a proxy that keeps what it gets; without an error
        await page.Clock.FastForwardAsync(41_000); // the time of the server stands still, so it is silent
        await Assertions.Expect(page.Locator("#live")).ToHaveTextAsync("Not connected");

        await page.UnrouteAsync("**/api/events");
        await page.Clock.FastForwardAsync(41_000);
        await Assertions.Expect(page.Locator("#live")).ToHaveTextAsync("Live");
    }

    private void Add(WebApplicationBuilder builder) => builder.Services
        .AddRecurringTask("yearly", (_, _) => { Interlocked.Increment(ref _runs); return Task.CompletedTask; })
        .Cron("0 0 1 1 *").RunOnStart();

    private static async Task<IPage> OpenAsync(BrowserHost host, IBrowserContext context)
    {
        var page = await context.NewPageAsync();
        await page.GotoAsync($"{host.Address}task?task=yearly");
        await Assertions.Expect(page.Locator("#live")).ToHaveTextAsync("Live");
        return page;
    }

    // The server looks for changes in virtual time, the browser lives in real time.
    private static async Task AdvanceUntilAsync(BrowserHost host, Func<Task<int>> read, Func<int, bool> isDone)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!isDone(await read()))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromMinutes(2), "It has not arrived.");
            await host.Time.AdvanceAsync(TimeSpan.FromSeconds(1));
        }
    }
}

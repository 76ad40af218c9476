using Deque.AxeCore.Playwright;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace SafeLoop.Dashboard.Tests;

/// <summary>The browser of the system walks every page.</summary>
[Trait("Category", "Browser")]
public sealed class WalkTests(Chromium chromium) : IClassFixture<Chromium>, IAsyncLifetime
{
    private static readonly string[] Paths =
    [
        "", "task?task=send%20invoices", "task?task=poll%20devices", "key?task=poll%20devices&key=device-008",
        "keys?task=poll%20devices&show=Failing", "slot?task=warm%20cache&at=2026-03-27T07:01:00Z",
        "slot?task=resize%20images&at=2026-03-27T07:01:00Z", "commands", "instances", "cluster",
        "bulk?text=re",
        "calendar", "preview?task=nightly%20report&cron=30%204%20*%20*%20*&zone=Europe/Berlin", "task?task=nothing",
    ];

    private BrowserHost _host = null!;

    public async Task InitializeAsync()
    {
        _host = await BrowserHost.StartAsync(builder =>
        {
            DemoTasks.Add(builder);
            builder.Services.AddSingleton<IRecurringTaskCluster>(FakeCluster.WithMoves());
        });
        await DemoTasks.LiveAsync(_host.Services, TimeSpan.FromHours(2));
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 360)]
    public async Task Axe_finds_nothing_and_no_page_scrolls_sideways(ColorScheme scheme, int width)
    {
        await using var context = await OpenAsync(scheme, width, hasScript: true);
        var page = await context.NewPageAsync();
        foreach (var path in Paths)
        {
            await page.GotoAsync(_host.Address + path);
            var result = await page.RunAxe();
            Assert.True(
                result.Violations.Length == 0,
                $"{path}: {string.Join("; ", result.Violations.Select(found => $"{found.Id}: {found.Nodes[0].Html}"))}");
            Assert.True(
                await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= document.documentElement.clientWidth"),
                $"{path} scrolls sideways at {width}.");
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_page_is_read_without_a_violation_of_the_policy(bool hasScript)
    {
        await using var context = await OpenAsync(ColorScheme.Light, 1280, hasScript);
        var page = await context.NewPageAsync();
        var messages = new List<string>();
        page.Console += (_, message) => messages.Add($"{page.Url}: {message.Text}");
        page.PageError += (_, error) => messages.Add($"{page.Url}: {error}");
        foreach (var path in Paths.SkipLast(1))
        {
            var answer = await page.GotoAsync(_host.Address + path);
            Assert.True(answer!.Ok, path);
            Assert.True(await page.Locator("h1").CountAsync() == 1, path);
        }
        Assert.Empty(messages);
    }

    [Fact]
    public async Task Without_a_script_a_task_is_found_paused_with_a_reason_and_resumed()
    {
        await using var context = await OpenAsync(ColorScheme.Light, 360, hasScript: false);
        var page = await context.NewPageAsync();
        await page.GotoAsync(_host.Address);
        await page.GetByPlaceholder("Name contains").FillAsync("cache");
        await page.GetByRole(AriaRole.Button, new() { Name = "Filter" }).ClickAsync();
        await page.Locator("#tasks").GetByRole(AriaRole.Link, new() { Name = "warm cache" }).ClickAsync();
        await page.Locator("#op-Pause summary").ClickAsync();
        await page.Locator("#reason-Pause").FillAsync("deployment");
        await page.Locator("#op-Pause button").ClickAsync();

        await Assertions.Expect(page.Locator("#command .result")).ToContainTextAsync("paused");
        await Assertions.Expect(page.Locator("#op-Resume")).ToBeVisibleAsync();
        Assert.Equal("deployment", _host.Time["warm cache"].Snapshot().Pause!.Reason);
    }

    [Fact]
    public async Task Without_a_script_all_that_match_are_paused_and_the_outcome_is_seen()
    {
        await using var context = await OpenAsync(ColorScheme.Light, 360, hasScript: false);
        var page = await context.NewPageAsync();
        await page.GotoAsync($"{_host.Address}?text=im");
        await page.GetByRole(AriaRole.Link, new() { Name = "Operate on the 2 tasks that match" }).ClickAsync();
        await page.Locator("#reason").FillAsync("new images");
        await page.GetByRole(AriaRole.Button, new() { Name = "Pause: 2 tasks" }).ClickAsync();

        await Assertions.Expect(page.Locator("#outcome-title")).ToHaveTextAsync("Pause: 2 commands carried out");
        Assert.Equal("new images", _host.Time["resize images"].Snapshot().Pause!.Reason);
    }

    [Fact]
    public async Task What_is_skipped_is_seen()
    {
        await using var context = await OpenAsync(ColorScheme.Light, 360, hasScript: false);
        var page = await context.NewPageAsync();
        await page.GotoAsync($"{_host.Address}task?task=resize%20images&outcome=Skipped");
        await page.Locator("#history tbody tr").First.ScrollIntoViewIfNeededAsync();
        await Assertions.Expect(page.Locator("#history .badge").First).ToBeInViewportAsync();
    }

    private Task<IBrowserContext> OpenAsync(ColorScheme scheme, int width, bool hasScript) =>
        chromium.Browser.NewContextAsync(new()
    {
        ColorScheme = scheme,
        ViewportSize = new() { Width = width, Height = 900 },
        JavaScriptEnabled = hasScript,
    });
}

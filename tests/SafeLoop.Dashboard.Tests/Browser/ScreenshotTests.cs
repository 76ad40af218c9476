using Microsoft.Playwright;

namespace SafeLoop.Dashboard.Tests;

/// <summary>
/// Makes pictures of all pages in the folder SAFELOOP_SHOTS, or else in that of temporary files. <c>dashboard.png</c> is the
/// picture of the documentation.
/// </summary>
[Trait("Category", "Browser")]
public sealed class ScreenshotTests(Chromium chromium) : IClassFixture<Chromium>
{
    private static readonly string[] Pages =
    [
        "", "task?task=send%20invoices", "task?task=import%20prices", "keys?task=poll%20devices", "task?task=poll%20devices",
        "slot?task=resize%20images&at=2026-03-27T11:49:00Z", "commands", "instances", "calendar", "bulk?text=re",
        "preview?task=nightly%20report&cron=30%204%20*%20*%201-5",
    ];

    [Fact]
    public async Task Every_page_can_be_pictured()
    {
        await using var host = await BrowserHost.StartAsync(DemoTasks.Add);
        await DemoTasks.LiveAsync(host.Services, TimeSpan.FromHours(6));
        var folder = Environment.GetEnvironmentVariable("SAFELOOP_SHOTS") ?? Path.GetTempPath();
        await ShootOverviewAsync(host, Path.Combine(folder, "dashboard.png"));
        await ShootAsync(host, folder, "wide", 1280, ColorScheme.Light);
        await ShootAsync(host, folder, "dark", 1280, ColorScheme.Dark);
        await ShootAsync(host, folder, "narrow", 360, ColorScheme.Light);
    }

    private async Task ShootOverviewAsync(BrowserHost host, string file)
    {
        await using var context = await chromium.Browser.NewContextAsync(
            new() { ViewportSize = new() { Width = 1080, Height = 900 } });
        var page = await context.NewPageAsync();
        await page.GotoAsync(host.Address);
        await Assertions.Expect(page.Locator("#live")).ToHaveTextAsync("Live");
        await page.ScreenshotAsync(new() { Path = file });
    }

    private async Task ShootAsync(BrowserHost host, string folder, string name, int width, ColorScheme scheme)
    {
        await using var context = await chromium.Browser.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = 800 },
            ColorScheme = scheme,
            JavaScriptEnabled = false,
        });
        var page = await context.NewPageAsync();
        foreach (var path in Pages)
        {
            var answer = await page.GotoAsync(host.Address + path);
            var title = path.Length == 0 ? "overview" : path.Split('?')[0];
            var file = Path.Combine(folder, $"{name}-{title}{Array.IndexOf(Pages, path)}.png");
            await page.ScreenshotAsync(new() { Path = file, FullPage = true });
            Assert.True(answer!.Ok, $"{path}: {answer.Status}");
        }
    }
}

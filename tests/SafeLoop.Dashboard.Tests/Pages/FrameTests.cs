using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Dashboard.Tests;

/// <summary>What all pages have in common: addresses, headers, files, and how a viewer wants them.</summary>
public sealed class FrameTests
{
    [Theory]
    [InlineData("/loops", "loops/")]
    [InlineData("/loops?text=a%20b", "loops/?text=a%20b")]
    public async Task Without_a_slash_the_browser_goes_to_the_folder_of_the_pages(string path, string location)
    {
        await using var host = await StartAsync();

        var answer = await host.Client.GetAsync(path);

        Assert.Equal(HttpStatusCode.PermanentRedirect, answer.StatusCode);
        Assert.Equal(location, answer.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task All_links_are_relative_and_lie_in_one_folder()
    {
        await using var host = await StartAsync();
        foreach (var path in new[] { "", "task?task=ticks", "calendar", "commands", "slot?task=ticks&at=2026-01-01T00:00:00Z" })
        {
            var page = await host.PageAsync(path);
            var links = page.Hrefs("a[href], link[href]")
                .Concat(page.QuerySelectorAll("form").Select(form => form.GetAttribute("action")!));
            Assert.All(links, link => Assert.Matches(
                @"^(\./|#main$|data:,$|[a-z]+([?#].*)?$|assets/[a-z.]+\?v=[0-9a-f]+$)", link));
        }
    }

    [Fact]
    public async Task No_page_has_inline_code_or_may_be_framed()
    {
        await using var host = await StartAsync();

        var answer = await host.Client.GetAsync("/loops/task?task=ticks");
        var page = await host.PageAsync("task?task=ticks");

        Assert.Contains("default-src 'none'", answer.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
        Assert.DoesNotContain("blazor-enhanced-nav", answer.Headers.Select(header => header.Key));
        Assert.Empty(page.QuerySelectorAll("[style], style, script:not([src])"));
        Assert.DoesNotContain(page.All.SelectMany(element => element.Attributes), attribute => attribute.Name.StartsWith("on"));
    }

    [Fact]
    public async Task Files_are_compressed_and_kept_by_the_browser_until_they_change()
    {
        await using var host = await StartAsync();
        var script = (await host.PageAsync("")).QuerySelector("script")!.GetAttribute("src")!;
        var request = new HttpRequestMessage(HttpMethod.Get, $"/loops/{script}");
        request.Headers.Add("Accept-Encoding", "gzip, br");

        var answer = await host.Client.SendAsync(request);
        var again = new HttpRequestMessage(HttpMethod.Get, $"/loops/{script}");
        again.Headers.IfNoneMatch.Add(answer.Headers.ETag!);

        Assert.Equal("br", answer.Content.Headers.ContentEncoding.Single());
        Assert.Contains("immutable", answer.Headers.CacheControl!.ToString());
        Assert.Equal(HttpStatusCode.NotModified, (await host.Client.SendAsync(again)).StatusCode);
    }

    [Fact]
    public async Task The_first_load_is_small()
    {
        await using var host = await DashboardHost.StartOpenAsync(DemoTasks.Add);
        await host.Time.AdvanceAsync(TimeSpan.FromHours(2));
        var page = await SizeAsync(host, "");
        var (style, script) = (await SizeAsync(host, Asset.Style.Link), await SizeAsync(host, Asset.Script.Link));

        Assert.InRange(script, 1, 25 * 1024);
        Assert.InRange(page + style + script, 1, 40 * 1024);
    }

    [Fact]
    public async Task Colours_and_the_zone_are_chosen_without_a_script()
    {
        await using var host = await StartAsync();

        var answer = await host.SendFormAsync(
            "view", ("theme", "dark"), ("zone", "other"), ("zoneId", "Europe/Berlin"), ("back", "task?task=ticks"));
        var cookies = answer.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split(';')[0]);
        host.Client.DefaultRequestHeaders.Add("Cookie", string.Join("; ", cookies));
        var page = await host.PageAsync("task?task=ticks");

        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.Equal("task?task=ticks", answer.Headers.Location!.OriginalString);
        Assert.Equal("dark", page.DocumentElement.GetAttribute("data-theme"));
        Assert.Contains("01:00:30 +01:00", page.Text(".next"));
        Assert.Contains("Europe/Berlin", page.QuerySelector(".next time")!.GetAttribute("title"));
    }

    [Fact]
    public async Task A_form_in_a_coding_that_is_not_read_is_refused()
    {
        await using var host = await StartAsync();
        using var form = new StringContent("theme=dark");
        form.Headers.ContentType = new("application/x-www-form-urlencoded", "utf-7");
        host.Client.DefaultRequestHeaders.Add("X-SafeLoop", "1");

        var answer = await host.Client.PostAsync("/loops/view", form);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("task\r\nSet-Cookie: a=b")]
    [InlineData("operate")]
    public async Task A_form_does_not_send_the_browser_elsewhere(string back)
    {
        await using var host = await StartAsync();

        var answer = await host.SendFormAsync("view", ("theme", "dark"), ("back", back));

        Assert.Equal("./", answer.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task What_is_wrong_with_a_request_is_a_page_with_a_sentence()
    {
        await using var host = await StartAsync();

        Assert.Contains("'tocks'", (await host.PageAsync("task?task=tocks", HttpStatusCode.NotFound)).Text("#problem"));
        Assert.Contains("at must be", (await host.PageAsync("slot?task=ticks&at=3", HttpStatusCode.BadRequest)).Text("#problem"));
        var foreign = await host.Client.PostAsync("/loops/operate", new FormUrlEncodedContent([]));
        Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
    }

    private static async Task<long> SizeAsync(DashboardHost host, string path)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"/loops/{path}") { Headers = { { "Accept-Encoding", "br" } } };
        return (await (await host.Client.SendAsync(request)).Content.ReadAsByteArrayAsync()).Length;
    }

    private static Task<DashboardHost> StartAsync() => DashboardHost.StartOpenAsync(builder => builder.Services
        .AddRecurringTask("ticks", (_, _) => Task.CompletedTask).Every(TimeSpan.FromSeconds(30)));
}

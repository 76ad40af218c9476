using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Dashboard.Tests;

/// <summary>Another site cannot make a browser operate tasks, and no session is needed for that.</summary>
public sealed class CrossSiteTests
{
    [Theory]
    [InlineData("Sec-Fetch-Site", "same-origin", true)]
    [InlineData("Sec-Fetch-Site", "cross-site", false)]
    [InlineData("Sec-Fetch-Site", "same-site", false)]
    [InlineData("Sec-Fetch-Site", "none", false)]
    [InlineData("Origin", "https://evil.example", false)]
    [InlineData("Origin", "http://localhost", true)]
    [InlineData("X-SafeLoop", "1", true)]
    [InlineData("Accept", "*/*", false)]
    [InlineData("Origin", "null", false)]
    [InlineData("Origin", "http://localhost:8080", false)]
    [InlineData("Origin", "http://localhost.evil.example", false)]
    public async Task A_request_is_accepted_only_from_this_site_or_from_a_client_that_is_no_browser(
        string header, string value, bool isAccepted)
    {
        await using var host = await StartAsync();
        host.Client.DefaultRequestHeaders.Add(header, value);

        var answer = await host.Client.PostAsJsonAsync("/loops/api/pause", new { task = "prices", reason = "test" });

        if (isAccepted)
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        else
            Assert.StartsWith("The request ", await answer.ReadProblemAsync(HttpStatusCode.Forbidden));
        Assert.Equal(isAccepted, host.Time["prices"].State is RecurringTaskState.Paused);
    }

    [Fact]
    public async Task What_the_browser_says_counts_more_than_a_header_that_a_page_can_add()
    {
        await using var host = await StartAsync();
        host.Client.DefaultRequestHeaders.Add("Sec-Fetch-Site", "cross-site");
        host.Client.DefaultRequestHeaders.Add("Origin", "http://localhost");
        host.Client.DefaultRequestHeaders.Add("X-SafeLoop", "1");

        var answer = await host.Client.PostAsJsonAsync("/loops/api/pause", new { task = "prices", reason = "test" });

        Assert.Equal(
            "The request comes from another site (Sec-Fetch-Site: cross-site). Send it from the dashboard.",
            await answer.ReadProblemAsync(HttpStatusCode.Forbidden));
    }

    private static Task<DashboardHost> StartAsync() => DashboardHost.StartOpenAsync(builder => builder.Services
        .AddRecurringTask("prices", (_, _) => ValueTask.CompletedTask).Every(TimeSpan.FromMinutes(1)));
}

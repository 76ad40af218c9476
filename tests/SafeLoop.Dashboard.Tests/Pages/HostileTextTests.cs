using System.Net;
using AngleSharp.Dom;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Dashboard.Tests;

/// <summary>Whatever stands in a name, a key, an error, a reason or an actor is text on every page.</summary>
public sealed class HostileTextTests
{
    public static readonly TheoryData<string> Texts =
    [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "' onmouseover='alert(1)' x='",
        "javascript:alert(1)",
        "</title></svg><script>alert(1)</script>",
        "\u202eevil \u0627\u0644\u0639\u0631\u0628\u064a\u0629 \u0000 \u2028",
        new string('m', 10_000),
    ];

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task It_is_text(string text)
    {
        var name = text[..Math.Min(text.Length, 150)].Replace("\0", "").Replace("\u2028", "").Replace("\u202e", "").Trim();
        await using var host = await DashboardHost.StartOpenAsync(builder =>
        {
            builder.Services.AddRecurringTask(name, (_, _) => throw new InvalidOperationException(text))
                .Every(TimeSpan.FromMinutes(1));
            builder.Services.AddRecurringTask<PollDevice, string>("keyed").Every(TimeSpan.FromMinutes(1));
        });
        host.Services.GetRequiredService<IRecurringTaskKeys<PollDevice, string>>().TryAdd(text);
        await host.Time.AdvanceAsync(TimeSpan.FromMinutes(3));
        var (reason, by) = (text[..Math.Min(text.Length, 1_000)], text[..Math.Min(text.Length, 200)]);
        await DemoTasks.SendAsync(host.Services, name, TaskCommandKind.Pause, reason, by);
        var keys = await host.PageAsync("keys?task=keyed");
        var task = Link.Task(name);

        foreach (var path in new[]
        {
            "", $"./?text={Uri.EscapeDataString(name)}", task, keys.Hrefs("#keys .name")[0], Link.Slot(name, null, host.Time.Now),
            "keys?task=keyed", "commands", "calendar", "instances",
        })
        {
            // A key whose text is cut or escaped in logs is not found by that text.
            var isCut = path.StartsWith("key?", StringComparison.Ordinal) && (text.Length > 200 || text.Contains('\0'));
            AssertHarmless(await host.PageAsync(path.Replace("./", ""), isCut ? HttpStatusCode.NotFound : HttpStatusCode.OK));
        }
        Assert.Equal(name, (await host.PageAsync(task)).QuerySelector("h1")!.TextContent);
    }

    private static void AssertHarmless(IDocument page)
    {
        Assert.Single(page.QuerySelectorAll("script"));
        Assert.Empty(page.QuerySelectorAll("img, iframe, object, style, [style]"));
        Assert.DoesNotContain(page.All.SelectMany(element => element.Attributes), attribute => attribute.Name.StartsWith("on"));
        Assert.All(page.Hrefs("a[href]"), link => Assert.DoesNotContain(':', link.Split('?')[0]));
    }
}

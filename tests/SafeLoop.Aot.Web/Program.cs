using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;

// Published as a native program by a test, which checks each line: every page and the API answer as they do elsewhere.
var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.UseUrls("http://127.0.0.1:0");
builder.Services.AddRecurringTask("refresh", static (_, _) => ValueTask.CompletedTask).Every(TimeSpan.FromHours(1));
builder.Services.AddRecurringTask("nightly", static (_, _) => ValueTask.CompletedTask).Cron("0 3 * * *", "Europe/Berlin");
var app = builder.Build();
app.MapRecurringTasks().AllowAnonymous().AllowOperations().ShowErrors();
await app.StartAsync();

using var client = new HttpClient { BaseAddress = new($"{app.Urls.Single()}/loops/") };
client.DefaultRequestHeaders.Add("X-SafeLoop", "1");
client.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-origin");
foreach (var path in (string[])
[
    "", "task?task=refresh", "slot?task=nightly&at=2026-01-01T02:00:00Z", "calendar", "commands", "instances",
    "preview?task=nightly&cron=0%204%20*%20*%20*", "bulk", "task?task=none", "assets/dashboard.css",
    "api/tasks", "api/history?task=refresh", "api/instances",
])
    await ReportAsync(path, await client.GetAsync(path));
await ReportAsync("operate", await client.PostAsync("operate", new FormUrlEncodedContent(
    [new("kind", "Pause"), new("task", "refresh"), new("reason", "<b>trial</b>")])));
using var body = new StringContent("""{ "kind": "Resume", "text": "r", "reason": "trial" }""", Encoding.UTF8);
body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
await ReportAsync("api/bulk", await client.PostAsync("api/bulk", body));
var page = await client.GetStringAsync("commands?task=refresh");
await Console.Out.WriteLineAsync($"encoded {page.Contains("&lt;b&gt;trial&lt;/b&gt;", StringComparison.Ordinal)}");
await app.StopAsync();

static async Task ReportAsync(string path, HttpResponseMessage answer)
{
    var text = await answer.Content.ReadAsStringAsync();
    var heading = text.IndexOf("<h1", StringComparison.Ordinal) is >= 0 and var start
        ? Tag().Replace(text[start..text.IndexOf("</h1>", start, StringComparison.Ordinal)], "").Trim()
        : answer.Content.Headers.ContentType?.MediaType;
    await Console.Out.WriteLineAsync($"{path}: {(int)answer.StatusCode} {heading}");
}

internal sealed partial class Program
{
    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();
}

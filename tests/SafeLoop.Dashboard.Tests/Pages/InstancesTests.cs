using System.Globalization;
using AngleSharp.Dom;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SafeLoop.Storage;

namespace SafeLoop.Dashboard.Tests;

/// <summary>With a store, pages show the heap of every host over time, also of a dead one, and gaps of the history.</summary>
public sealed class InstancesTests : IAsyncLifetime
{
    private const long Mega = 1L << 20;

    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly string _file = Path.Combine(Path.GetTempPath(), $"safeloop-{Guid.NewGuid():N}.db");
    private readonly Guid _dead = Guid.NewGuid();
    private DashboardHost _host = null!;

    [Fact]
    public async Task A_host_that_died_shows_how_its_heap_rose_to_its_limit()
    {
        await LiveAndDieAsync(minutes: 4, perMinute: 225 * Mega);
        await _host.Time.AdvanceAsync(TimeSpan.FromMinutes(1));

        var page = await _host.PageAsync("instances");

        var cards = page.QuerySelectorAll("#instances article");
        Assert.Equal(2, cards.Length);
        var dead = page.GetElementById(_dead.ToString())!;
        Assert.Equal("lost", dead.Text(".badge"));
        Assert.Equal("900 MB of 1.0 GB", dead.Text(".heap"));
        Assert.Equal("1,001", dead.Text(".loops"));
        Assert.Contains("4.5.6", dead.Text(".facts"));
        Assert.Contains("Marked as lost", dead.Text(".facts"));
        Assert.Null(dead.QuerySelector(".copy")); // it cannot be diagnosed any more
        Assert.NotNull(dead.QuerySelector("svg line.limit"));
        Assert.Matches(
            "^Heap of web-7, process 42 from .* UTC to .* UTC: first 225 MB, highest 900 MB, last 900 MB; limit 1.0 GB$",
            dead.QuerySelector("svg")!.GetAttribute("aria-label"));
        var heights = Heights(dead);
        Assert.True(heights.Count >= 4);
        Assert.Equal(heights.OrderDescending(), heights); // up is a smaller number
        Assert.Empty(page.QuerySelectorAll("[style]"));
    }

    [Fact]
    public async Task When_its_samples_are_deleted_a_host_still_has_the_last_one()
    {
        await LiveAndDieAsync(minutes: 3, perMinute: Mega);
        await _host.Time.AdvanceAsync(TimeSpan.FromMinutes(10));

        var dead = (await _host.PageAsync($"instances?hours=72&instance={_dead}")).QuerySelector("#instances article")!;

        Assert.Equal("3 MB of 1.0 GB", dead.Text(".heap"));
        Assert.Contains("first 3 MB, highest 3 MB, last 3 MB", dead.QuerySelector("svg")!.GetAttribute("aria-label")!);
        var range = $"from={Start:yyyy-MM-dd}T00:00:00Z&to={Start.AddDays(9):yyyy-MM-dd}T00:00:00Z";
        var samples = (await _host.GetAsync($"samples?instance={_dead}&{range}")).GetProperty("samples");
        Assert.Equal(0, samples.GetArrayLength());
    }

    [Fact]
    public async Task The_page_shows_one_host_or_twenty_at_a_time_and_charts_of_up_to_three_days()
    {
        for (var n = 0; n < 25; n++)
            await _host.Services.GetRequiredService<IRecurringTaskStore>().ConnectAsync(Instance(Guid.NewGuid()), default);

        var first = await _host.PageAsync("instances?hours=24");
        Assert.Equal(20, first.QuerySelectorAll("#instances article").Length);
        Assert.Contains("instances?hours=24&page=2", first.Hrefs(".pager a"));
        Assert.Equal("1 day", first.Text(".tabs [aria-current]"));
        Assert.Equal(6, (await _host.PageAsync("instances?page=2")).QuerySelectorAll("#instances article").Length);
        Assert.Contains("not known", (await _host.PageAsync($"instances?instance={Guid.NewGuid()}")).Text("#instances"));
        await _host.PageAsync("instances?hours=100", System.Net.HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task The_overview_says_how_much_of_the_last_day_the_history_lacks()
    {
        Assert.DoesNotContain("The history", (await _host.PageAsync("")).Text("#attention"));
        var now = _host.Time.Now;
        await SaveGapAsync(now.AddHours(-30), now.AddHours(-25), 7);
        await SaveGapAsync(now.AddHours(-3), now.AddHours(-2), 1_000);
        await SaveGapAsync(now.AddHours(-2), now.AddHours(-1), 234);
        await _host.Time.AdvanceAsync(TimeSpan.FromSeconds(2)); // viewers share what was read a moment ago

        var problem = Assert.Single((await _host.PageAsync("")).QuerySelectorAll(".problem.warning"));

        var (from, to) = (now.AddHours(-3), now.AddHours(-1));
        Assert.Equal(
            $"Warning: The history lacks 1,234 outcomes of iterations that ended from {When(from)} to {When(to)} UTC: the store "
            + "was down, or there were too many. The totals have them.",
            problem.Text("span + span"));

        string When(DateTimeOffset at) => at.ToString(
            at.Date == now.Date ? "HH:mm:ss" : at.Year == now.Year ? "d MMM HH:mm:ss" : "d MMM yyyy HH:mm:ss",
            CultureInfo.InvariantCulture);
    }

    public async Task InitializeAsync()
    {
        _host = await DashboardHost.StartOpenAsync(builder =>
        {
            builder.Services.AddRecurringTaskStore(db => db.UseSqlite($"Data Source={_file}"), application: "app");
            builder.Services.AddSingleton(new StoreRetention { Samples = TimeSpan.FromMinutes(5) });
            builder.Services.AddRecurringTask("poll", (_, _) => ValueTask.CompletedTask).Every(TimeSpan.FromHours(1));
        });
        await _host.Time.AdvanceAsync(TimeSpan.FromSeconds(10));
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        File.Delete(_file);
    }

    // Another process over the same store, whose heap grows until it is killed.
    private async Task LiveAndDieAsync(int minutes, long perMinute)
    {
        var store = _host.Services.GetRequiredService<IRecurringTaskStore>();
        await store.ConnectAsync(Instance(_dead), default);
        for (var minute = 1; minute <= minutes; minute++)
        {
            var sample = new InstanceSample { HeapSize = minute * perMinute, HeapLimit = 1024 * Mega, Loops = 1_001 };
            await store.SendHeartbeatAsync(_dead, sample, after: 0, TimeSpan.FromHours(1), default);
            if (minute < minutes)
                await BeatForAMinuteAsync(store, sample);
        }
    }

    private async Task BeatForAMinuteAsync(IRecurringTaskStore store, InstanceSample sample)
    {
        for (var n = 0; n < 3; n++)
        {
            await _host.Time.AdvanceAsync(TimeSpan.FromSeconds(20)); // a host that is silent for longer is lost
            if (n < 2)
                await store.SendHeartbeatAsync(_dead, sample, after: 0, TimeSpan.FromHours(1), default);
        }
    }

    private async Task SaveGapAsync(DateTimeOffset from, DateTimeOffset to, long failed)
    {
        var store = _host.Services.GetRequiredService<IRecurringTaskStore>();
        var writer = Guid.NewGuid();
        await store.ConnectAsync(Instance(writer), default);
        await store.SaveAsync(
            new() { Instance = writer, Number = 1, Gap = new() { From = from, To = to, Missing = new() { Failed = failed } } },
            default);
    }

    private static StoreInstance Instance(Guid id) =>
        new() { Id = id, Application = "app", Host = "web-7", ProcessId = 42, Version = "4.5.6" };

    private static List<double> Heights(IElement card) =>
        [.. card.QuerySelector("polyline")!.GetAttribute("points")!.Split(' ')
            .Select(point => double.Parse(point.Split(',')[1], CultureInfo.InvariantCulture))];
}

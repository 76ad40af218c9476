using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Dashboard.Tests;

/// <summary>Two replicas over one store show one truth, and each operates the tasks of both.</summary>
public sealed class ReplicaTests : IAsyncLifetime
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"safeloop-{Guid.NewGuid():N}.db");
    private DashboardHost _one = null!;
    private DashboardHost _other = null!;

    [Fact]
    public async Task A_pause_through_one_replica_is_seen_on_the_other()
    {
        await PostAsync(_one, "pause", new { task = "shared", reason = "release" });
        await AdvanceAsync();

        var task = await _other.GetAsync("task?task=shared");
        var commands = await _other.GetAsync("commands?task=shared");

        Assert.Equal("release", task.Text("task", "snapshot", "pause", "reason"));
        Assert.Equal("release", task.Text("task", "stored", "pause", "reason"));
        Assert.Equal("paused (2 hosts)", commands.GetProperty("commands")[0].Text("text"));
    }

    [Fact]
    public async Task A_task_of_the_other_replica_is_shown_from_the_store_and_can_be_operated()
    {
        var tasks = (await _other.GetAsync("tasks")).GetProperty("tasks").EnumerateArray().ToArray();
        Assert.Equal(["devices", "only one", "shared"], tasks.Select(task => task.Text("name")));
        Assert.Equal(["True", "False", "True"], tasks.Select(task => task.Text("isHere")));

        await PostAsync(_other, "pause", new { task = "ONLY ONE", reason = "calm" });
        await AdvanceAsync();

        Assert.Equal(RecurringTaskState.Paused, _one.Time["only one"].State);
        Assert.Equal("Paused", (await _other.GetAsync("task?task=only%20one")).Text("task", "snapshot", "state"));
        var unknown = await _other.Client.GetAsync("/loops/api/task?task=only%20two");
        Assert.Contains("'only two'", await unknown.ReadProblemAsync(HttpStatusCode.NotFound));
    }

    [Fact]
    public async Task Instances_and_totals_are_those_of_both()
    {
        await AdvanceAsync(TimeSpan.FromMinutes(3));

        var instances = (await _other.GetAsync("instances")).GetProperty("instances").EnumerateArray().ToArray();
        var totals = (await _other.GetAsync("totals?task=shared&from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z"))
            .GetProperty("totals").EnumerateArray().ToArray();

        Assert.Equal(2, instances.Length);
        Assert.All(instances, instance => Assert.Equal("Running", instance.Text("instance", "state")));
        Assert.True(totals.Sum(total => total.GetProperty("count").GetInt64()) >= 6);
    }

    [Fact]
    public async Task The_memory_of_another_host_is_answered_latest_and_over_time()
    {
        await AdvanceAsync(TimeSpan.FromMinutes(3));

        var instances = (await _other.GetAsync("instances")).GetProperty("instances").EnumerateArray().ToArray();
        var first = instances[^1].GetProperty("instance"); // the last started comes first
        var range = "from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z";
        var samples = await _other.GetAsync($"samples?instance={first.Text("id")}&{range}&pageSize=2");
        var next = await _other.GetAsync($"samples?instance={first.Text("id")}&{range}&cursor={samples.Text("cursor")}");

        Assert.Equal(2, first.GetProperty("lastSample").GetProperty("loops").GetInt32());
        Assert.InRange(first.GetProperty("lastSample").GetProperty("heapSize").GetInt64(), 1, long.MaxValue);
        Assert.Equal(2, samples.GetProperty("samples").GetArrayLength());
        Assert.Equal("2026-01-01T00:03:00+00:00", samples.GetProperty("samples")[0].Text("taken"));
        Assert.Equal("2026-01-01T00:00:00+00:00", next.GetProperty("samples").EnumerateArray().Last().Text("taken"));
        Assert.All(samples.GetProperty("samples").EnumerateArray(), sample => Assert.InRange(
            sample.GetProperty("heapSize").GetInt64(), 1, sample.GetProperty("heapLimit").GetInt64()));
        var unknown = await _other.GetAsync($"samples?instance={Guid.NewGuid()}&{range}");
        Assert.Empty(unknown.GetProperty("samples").EnumerateArray());
        var wrong = await _other.Client.GetAsync("/loops/api/samples?instance=me");
        Assert.Contains("a GUID", await wrong.ReadProblemAsync(HttpStatusCode.BadRequest));
    }

    [Fact]
    public async Task Keys_are_those_of_this_host_or_those_that_are_stored()
    {
        _one.Services.GetRequiredService<IRecurringTaskKeys<Device, int>>().TryAdd(7);
        await AdvanceAsync();
        await PostAsync(_one, "pause", new { task = "devices", key = "7", reason = "calm" });
        await AdvanceAsync();

        var here = await _one.GetAsync("keys?task=devices&prefix=7&state=paused");
        var there = await _other.GetAsync("keys?task=devices");
        var stored = await _other.GetAsync("keys?task=devices&stored=true&state=paused");
        var key = await _other.GetAsync("task?task=devices&key=7");

        Assert.Equal("7", Assert.Single(here.GetProperty("keys").EnumerateArray()).Text("key"));
        Assert.Empty(there.GetProperty("keys").EnumerateArray());
        Assert.Equal("calm", Assert.Single(stored.GetProperty("keys").EnumerateArray()).Text("pause", "reason"));
        Assert.Equal("Paused", key.Text("task", "snapshot", "state"));
        Assert.Equal("False", key.Text("task", "isHere"));
        await (await _other.Client.GetAsync("/loops/api/task?task=devices&key=8")).ReadProblemAsync(HttpStatusCode.NotFound);
    }

    public async Task InitializeAsync()
    {
        _one = await StartAsync(services => services.AddRecurringTask("only one", Do).Every(TimeSpan.FromMinutes(1)));
        _other = await StartAsync(_ => { });
        await AdvanceAsync();
    }

    public async Task DisposeAsync()
    {
        await _one.DisposeAsync();
        await _other.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        File.Delete(_file);
    }

    private Task<DashboardHost> StartAsync(Action<IServiceCollection> register) => DashboardHost.StartOpenAsync(builder =>
    {
        builder.Environment.ApplicationName = "replicas";
        builder.Services.AddRecurringTaskStore(db => db.UseSqlite($"Data Source={_file}"));
        builder.Services.AddRecurringTask("shared", Do).Every(TimeSpan.FromMinutes(1));
        builder.Services.AddRecurringTask<Device, int>("devices").Every(TimeSpan.FromMinutes(1));
        register(builder.Services);
    });

    private async Task AdvanceAsync(TimeSpan? time = null)
    {
        // Each host has a clock of its own, and takes the other for lost when it is far behind.
        for (var left = time ?? TimeSpan.FromSeconds(12); left > TimeSpan.Zero; left -= TimeSpan.FromSeconds(6))
        {
            await _one.Time.AdvanceAsync(TimeSpan.FromSeconds(6));
            await _other.Time.AdvanceAsync(TimeSpan.FromSeconds(6));
        }
    }

    private static async Task PostAsync(DashboardHost host, string operation, object body)
    {
        using var content = JsonContent.Create(body, options: JsonSerializerOptions.Web);
        content.Headers.Add("X-SafeLoop", "1");
        var answer = await host.Client.PostAsync($"/loops/api/{operation}", content);
        Assert.True(answer.StatusCode is HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync());
    }

    private static ValueTask Do(Iteration iteration, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    private sealed class Device : IRecurringTask<int>
    {
        public ValueTask RunAsync(int key, Iteration iteration, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}

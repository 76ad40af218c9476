using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Dashboard.Tests;

/// <summary>An operation on many shows its list first, and is refused when the list has changed.</summary>
public sealed class BulkTests
{
    [Fact]
    public async Task The_first_call_counts_and_the_second_one_acts()
    {
        await using var host = await StartAsync();

        var list = await (await PostAsync(host, new { kind = "Pause", text = "pri", reason = "calm" })).ReadAsync();
        Assert.Equal(RecurringTaskState.Waiting, host.Time["prices"].State);
        var answer = await PostAsync(
            host, new { kind = "Pause", text = "pri", reason = "calm", fingerprint = list.Text("fingerprint") });

        Assert.Equal("2", list.Text("count"));
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal(2, (await answer.ReadAsync()).GetProperty("commands").GetArrayLength());
        Assert.Equal(RecurringTaskState.Paused, host.Time["prices"].State);
        Assert.Equal(RecurringTaskState.Paused, host.Time["privates"].State);
        Assert.Equal(RecurringTaskState.Waiting, host.Time["orders"].State);
    }

    [Fact]
    public async Task An_id_of_one_operation_does_not_swallow_another()
    {
        await using var host = await StartAsync();
        var id = Guid.NewGuid();

        foreach (var kind in (string[])["Pause", "Resume"])
        {
            var list = await (await PostAsync(host, new { kind, text = "pri", reason = "calm" })).ReadAsync();
            var fingerprint = list.Text("fingerprint");
            await PostAsync(host, new { id, kind, text = "pri", reason = "calm", fingerprint });
        }

        Assert.Equal(RecurringTaskState.Waiting, host.Time["prices"].State);
    }

    [Fact]
    public async Task A_list_that_has_changed_is_refused()
    {
        await using var host = await StartAsync();
        var body = new { kind = "Pause", state = "Waiting", reason = "calm" };
        var list = await (await PostAsync(host, body)).ReadAsync();
        host.Time["orders"].Pause();

        var answer = await PostAsync(
            host, new { kind = "Pause", state = "Waiting", reason = "calm", fingerprint = list.Text("fingerprint") });

        Assert.StartsWith("The list has changed since it was shown: 3 match now.",
            await answer.ReadProblemAsync(HttpStatusCode.Conflict));
        Assert.Equal(RecurringTaskState.Waiting, host.Time["prices"].State);
    }

    [Fact]
    public async Task Keys_are_selected_by_prefix_and_condition()
    {
        await using var host = await StartAsync();
        var keys = host.Services.GetRequiredService<IRecurringTaskKeys<Device, int>>();
        for (var key = 0; key < 50; key++)
            keys.TryAdd(key);
        await host.Time.AdvanceAsync(TimeSpan.Zero);

        var first = await PostAsync(host, new { kind = "Pause", task = "DEVICES", prefix = "1", reason = "x" });
        var list = await first.ReadAsync();
        await PostAsync(
            host, new { kind = "Pause", task = "devices", prefix = "1", reason = "x", fingerprint = list.Text("fingerprint") });

        Assert.Equal("11", list.Text("count"));
        Assert.Equal(11, host.Time["devices"].Snapshot().Keys!.Paused);
    }

    [Theory]
    [InlineData("{'reason':'x'}", "kind is missing. Say what is to be done, such as Pause.")]
    [InlineData("{'kind':'Pause','reason':'x','id':'00000000-0000-0000-0000-000000000000'}",
        "id is empty. Give each operation a new GUID, or leave it out.")]
    [InlineData("{'kind':'Change','reason':'x'}",
        "kind is no operation on many. Give Pause, Resume, RunNow, Cancel, Stop or Start.")]
    [InlineData("{'kind':'Pause'}", "reason is missing. Say why, for the log of commands.")]
    [InlineData("{'kind':'Pause','reason':'x','prefix':'a'}",
        "prefix and keyState select keys, and need the task. Give its name.")]
    public async Task What_is_wrong_is_said_in_a_sentence(string body, string sentence)
    {
        await using var host = await StartAsync();
        using var content = new StringContent(body.Replace('\'', '"'), System.Text.Encoding.UTF8, "application/json");

        var answer = await host.Client.PostAsync("/loops/api/bulk", content);

        Assert.Equal(sentence, await answer.ReadProblemAsync(HttpStatusCode.BadRequest));
    }

    private static Task<HttpResponseMessage> PostAsync(DashboardHost host, object body) =>
        host.Client.PostAsync("/loops/api/bulk", JsonContent.Create(body, options: JsonSerializerOptions.Web));

    private static async Task<DashboardHost> StartAsync()
    {
        var host = await DashboardHost.StartOpenAsync(builder =>
        {
            foreach (var task in (string[])["orders", "prices", "privates"])
                builder.Services.AddRecurringTask(task, (_, _) => ValueTask.CompletedTask).Every(TimeSpan.FromMinutes(1));
            builder.Services.AddRecurringTask<Device, int>("devices").Every(TimeSpan.FromMinutes(1));
        });
        host.Client.DefaultRequestHeaders.Add("X-SafeLoop", "1");
        return host;
    }

    private sealed class Device : IRecurringTask<int>
    {
        public ValueTask RunAsync(int key, Iteration iteration, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}

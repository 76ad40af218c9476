using System.Text.Json;
using LocalServers;

namespace Samples.Tests.Dashboard;

/// <summary>
/// The conditions of the alerts in a real Prometheus whose target dies and comes back. How long they must hold is tested in
/// <c>safeloop.outages.test.yml</c>, in virtual time.
/// </summary>
public sealed class OutageTests : IDisposable
{
    private const string Alive = "safeloop_memory_limit_bytes 1000\n";

    private readonly ScrapedTarget _target = new();
    private readonly PrometheusServer _prometheus;
    private readonly HttpClient _client = new();

    public OutageTests() => _prometheus = new(
        $"127.0.0.1:{_target.Port}", Path.Combine(RunningDashboard.Ops, "prometheus", "safeloop.rules.yml"));

    [Fact]
    public async Task A_dead_process_is_gone_until_it_is_back_and_what_it_reported_ends_with_it()
    {
        _target.Metrics = Alive + "safeloop_stuck{safeloop_task=\"poll\"} 2\n"
            + "safeloop_consecutive_failures{safeloop_task=\"poll\"} 7\n";
        _target.Start();
        _prometheus.Start();
        await WaitForAsync("SafeLoopStuck", isFound: true);
        await WaitForAsync("SafeLoopFailingInARow", isFound: true);
        await WaitForAsync("SafeLoopGone", isFound: false);

        _target.Stop();
        await WaitForAsync("SafeLoopGone", isFound: true);
        await WaitForAsync("SafeLoopStuck", isFound: false);
        await WaitForAsync("SafeLoopFailingInARow", isFound: false);

        _target.Metrics = Alive + "safeloop_stuck{safeloop_task=\"poll\"} 0\n";
        _target.Start();
        await WaitForAsync("SafeLoopGone", isFound: false);
        await WaitForAsync("SafeLoopStuck", isFound: false);
    }

    [Fact]
    public async Task A_loop_that_gives_up_again_after_a_restart_is_reported_again_though_its_counter_is_the_same()
    {
        const string GaveUp = Alive + "safeloop_loops_ended_total{safeloop_task=\"import\",safeloop_end=\"Failures\"} 1\n";
        _target.Metrics = Alive;
        _target.Start();
        _prometheus.Start();
        await WaitForSampleAsync("safeloop_memory_limit_bytes");
        await WaitForAsync("SafeLoopGaveUp", isFound: false);
        _target.Metrics = GaveUp;
        await WaitForAsync("SafeLoopGaveUp", isFound: true);

        _target.Stop();
        await WaitForAsync("SafeLoopGaveUp", isFound: false);
        _target.Metrics = Alive;
        _target.Start();
        await WaitForSampleAsync("safeloop_memory_limit_bytes");
        await WaitForAsync("SafeLoopGaveUp", isFound: false);
        _target.Metrics = GaveUp;
        await WaitForAsync("SafeLoopGaveUp", isFound: true);
    }

    public void Dispose()
    {
        _client.Dispose();
        _prometheus.Dispose();
        _target.Dispose();
    }

    private async Task WaitForAsync(string alert, bool isFound)
    {
        var rules = (await AskAsync("rules")).GetProperty("groups")[0].GetProperty("rules");
        var rule = rules.EnumerateArray().Single(rule => rule.GetProperty("name").GetString() == alert);
        await WaitForQueryAsync(rule.GetProperty("query").GetString()!, isFound, alert);
    }

    private Task WaitForSampleAsync(string metric) => WaitForQueryAsync(metric, isFound: true, metric);

    private async Task WaitForQueryAsync(string query, bool isFound, string name)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var found = await AskAsync($"query?query={Uri.EscapeDataString(query)}");
            if (found.GetProperty("result").GetArrayLength() > 0 == isFound)
                return;
            Assert.True(
                TimeProvider.System.GetElapsedTime(began) < Patience.Standstill, $"{name} was{(isFound ? " not" : "")} found.");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }

    private async Task<JsonElement> AskAsync(string path)
    {
        using var answer = await _client.GetAsync(new Uri($"http://127.0.0.1:{_prometheus.Port}/api/v1/{path}"));
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.True(json.RootElement.GetProperty("status").GetString() == "success", $"{path}: {json.RootElement}");
        return json.RootElement.GetProperty("data").Clone();
    }
}

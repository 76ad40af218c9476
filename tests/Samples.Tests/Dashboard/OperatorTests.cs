using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Samples.Tests.Dashboard;

/// <summary>The sample runs, and the rules and the panels of <c>ops</c> find its metrics in a real Prometheus.</summary>
public sealed partial class OperatorTests(RunningDashboard dashboard) : IClassFixture<RunningDashboard>
{
    private static readonly string Grafana = Path.Combine(RunningDashboard.Ops, "grafana", "safeloop.json");

    private static readonly string[] Tests = ["safeloop.rules.test.yml", "safeloop.outages.test.yml"];

    [Fact]
    public async Task The_overview_has_all_tasks_and_ten_thousand_keys()
    {
        var tasks = await GetJsonAsync("/loops/api/tasks");
        var page = await dashboard.Client.GetStringAsync("/loops/");

        var names = tasks.GetProperty("tasks").EnumerateArray().Select(task => task.GetProperty("name").GetString()!).ToArray();
        Assert.Equal(17, names.Length); // with the memory watch
        Assert.All(names, name => Assert.Contains(name, page, StringComparison.Ordinal));
        Assert.Contains("10,000", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_panel_of_Grafana_has_series()
    {
        var panels = Panels().Select(panel => (
            Title: panel.GetProperty("title").GetString()!,
            Query: WithoutVariables(panel.GetProperty("targets")[0].GetProperty("expr").GetString()!))).ToList();
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var missing = new List<(string Title, string Query)>();
            foreach (var panel in panels)
            {
                var found = await dashboard.AskPrometheusAsync($"query?query={Uri.EscapeDataString(panel.Query)}");
                if (found.GetProperty("result").GetArrayLength() == 0)
                    missing.Add(panel);
            }
            if (missing.Count == 0)
                break;
            Assert.True(
                TimeProvider.System.GetElapsedTime(began) < Patience.Standstill, $"No series: {string.Join("; ", missing)}");
            panels = missing;
            await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System);
        }
    }

    [Fact]
    public async Task Prometheus_evaluates_the_rules_and_knows_each_metric_in_them()
    {
        var rules = (await dashboard.AskPrometheusAsync("rules")).GetProperty("groups")[0].GetProperty("rules").EnumerateArray();
        Assert.All(rules, rule => Assert.NotEqual("err", rule.GetProperty("health").GetString()));

        // These appear when what they count happens for the first time.
        string[] rare = ["safeloop_loops_ended_total"];
        string[] labels = ["safeloop_task", "safeloop_reason"];
        var text = await File.ReadAllTextAsync(Path.Combine(RunningDashboard.Ops, "prometheus", "safeloop.rules.yml"));
        var metrics = await dashboard.Client.GetStringAsync("/metrics");
        var unknown = Metric().Matches(text).Select(match => match.Value).Distinct().Except([.. rare, .. labels])
            .Where(name => !metrics.Contains($"\n{name}{{", StringComparison.Ordinal));
        Assert.Empty(unknown);
    }

    [Fact]
    public async Task The_tests_of_the_rules_pass()
    {
        using var promtool = Process.Start(new ProcessStartInfo("promtool", ["test", "rules", .. Tests])
        {
            WorkingDirectory = Path.Combine(RunningDashboard.Ops, "prometheus"),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (output, errors) = (promtool.StandardOutput.ReadToEndAsync(), promtool.StandardError.ReadToEndAsync());
        await promtool.WaitForExitAsync();

        Assert.True(promtool.ExitCode == 0, $"{await output}{await errors}");
    }

    [Fact]
    public void Each_rule_has_a_row_and_a_test()
    {
        string Read(params string[] path) => File.ReadAllText(Path.Combine([RunningDashboard.Ops, .. path]));
        var (page, tests) = (Read("README.md"), Tests.Select(file => Read("prometheus", file)));

        var alerts = Alert().Matches(Read("prometheus", "safeloop.rules.yml")).Select(match => match.Groups[1].Value).ToArray();
        Assert.NotEmpty(alerts);
        Assert.All(alerts, alert => Assert.Contains($"| `{alert}` |", page, StringComparison.Ordinal));
        Assert.All(alerts, alert => // in the time courses of each kind
            Assert.All(tests, test => Assert.Contains($"alertname: {alert}\n", test, StringComparison.Ordinal)));
    }

    [Fact]
    public void The_panels_of_Grafana_have_ids_and_places_of_their_own()
    {
        var panels = Panels();
        var cells = panels.SelectMany(panel =>
        {
            var place = panel.GetProperty("gridPos");
            var (x, y) = (place.GetProperty("x").GetInt32(), place.GetProperty("y").GetInt32());
            Assert.InRange(x + place.GetProperty("w").GetInt32(), 1, 24);
            return from right in Enumerable.Range(x, place.GetProperty("w").GetInt32())
                   from down in Enumerable.Range(y, place.GetProperty("h").GetInt32())
                   select (right, down);
        }).ToArray();

        Assert.Equal(panels.Length, panels.Select(panel => panel.GetProperty("id").GetInt32()).Distinct().Count());
        Assert.Equal(cells.Length, cells.Distinct().Count());
        Assert.All(panels, panel => Assert.NotEmpty(panel.GetProperty("description").GetString()!));
        Assert.All(panels, panel =>
            Assert.Equal("${datasource}", panel.GetProperty("datasource").GetProperty("uid").GetString()));
    }

    private static JsonElement[] Panels()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Grafana));
        return [.. json.RootElement.GetProperty("panels").Clone().EnumerateArray()];
    }

    private static string WithoutVariables(string query) => query
        .Replace("$job", ".*", StringComparison.Ordinal).Replace("$task", ".*", StringComparison.Ordinal)
        .Replace("$__rate_interval", "1m", StringComparison.Ordinal).Replace("$__range", "1m", StringComparison.Ordinal);

    private async Task<JsonElement> GetJsonAsync(string path)
    {
        using var json = JsonDocument.Parse(await dashboard.Client.GetStringAsync(path));
        return json.RootElement.Clone();
    }

    [GeneratedRegex("safeloop_[a-z_]+(?=[{)[])")]
    private static partial Regex Metric();

    [GeneratedRegex("- alert: ([A-Za-z]+)")]
    private static partial Regex Alert();
}

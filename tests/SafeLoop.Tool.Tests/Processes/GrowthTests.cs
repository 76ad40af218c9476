using System.Globalization;
using System.Text.Json;
using SafeLoop.Tool.Tests.Support;

namespace SafeLoop.Tool.Tests.Processes;

/// <summary>Two looks at one program.</summary>
public sealed class GrowthTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public async Task Growth_between_two_captures_is_reported_by_method_and_by_class()
    {
        var (earlier, later) = (_directory.File("a.graph"), _directory.File("b.graph"));
        using (var target = await Target.StartAsync("Release", "SelfAwait", 10_000))
        {
            await SafeLoopTool.DiagnoseAsync(target, "--save", earlier);
            await target.MoreAsync(5_000);
            await SafeLoopTool.DiagnoseAsync(target, "--save", later);
        }

        var text = await SafeLoopTool.RunAsync("compare", earlier, later);
        var json = await SafeLoopTool.RunAsync("compare", earlier, later, "--json");
        var comparison = JsonSerializer.Deserialize(json.Output, JsonReport.Default.Comparison)!;

        Assert.Equal((ExitCode.Leak, ExitCode.Leak), (text.ExitCode, json.ExitCode));
        Assert.Equal(
            (10_000, 5_000), (Assert.Single(comparison.Methods).Growth!.FramesBefore, comparison.Methods[0].Growth!.FramesMore));
        Assert.Equal(("Targets.Leaks.SelfAwait.ScheduleUpdatingTask (frame)", 10_000, 15_000),
            (comparison.Classes[0].Name, comparison.Classes[0].CountBefore, comparison.Classes[0].CountAfter));
        Assert.Matches(@"10,000\s+15,000\s+5,000\s+leak\s+Targets\.Leaks\.SelfAwait\.ScheduleUpdatingTask", text.Output);
    }

    [Fact]
    public async Task Captures_in_the_wrong_order_are_refused()
    {
        var (earlier, later) = (_directory.File("a.graph"), _directory.File("b.graph"));
        using (var target = await Target.StartAsync("Release", "WhileLoop", 10))
        {
            await SafeLoopTool.DiagnoseAsync(target, "--save", earlier);
            await SafeLoopTool.DiagnoseAsync(target, "--save", later);
        }

        var ended = await SafeLoopTool.RunAsync("compare", later, earlier);

        Assert.Equal((ExitCode.Usage, ""), (ended.ExitCode, ended.Output));
        Assert.Contains("Name the earlier capture first", ended.Errors);
    }

    [Fact]
    public async Task A_chain_without_proof_is_a_leak_once_it_was_seen_to_grow()
    {
        var (earlier, later) = (_directory.File("a.graph"), _directory.File("b.graph"));
        using (var target = await Target.StartAsync("Release", "Backlog", 10_000))
            await SafeLoopTool.DiagnoseAsync(target, "--save", earlier);
        using (var target = await Target.StartAsync("Release", "Backlog", 15_000))
            await SafeLoopTool.DiagnoseAsync(target, "--save", later);

        var grown = await SafeLoopTool.RunAsync("compare", earlier, later, "--json");
        var finding = Assert.Single(JsonSerializer.Deserialize(grown.Output, JsonReport.Default.Comparison)!.Methods);

        Assert.Equal(ExitCode.Leak, grown.ExitCode);
        Assert.False(finding.AwaitsItself);
    }

    [Fact]
    public async Task A_method_below_the_reporting_limit_before_has_not_grown_from_zero()
    {
        var (earlier, later) = (_directory.File("a.graph"), _directory.File("b.graph"));
        using (var target = await Target.StartAsync("Release", "Backlog", 4_990))
            await SafeLoopTool.DiagnoseAsync(target, "--save", earlier);
        using (var target = await Target.StartAsync("Release", "Backlog", 5_010))
            await SafeLoopTool.DiagnoseAsync(target, "--save", later);

        var ended = await SafeLoopTool.RunAsync("compare", earlier, later, "--json");
        var finding = Assert.Single(JsonSerializer.Deserialize(ended.Output, JsonReport.Default.Comparison)!.Methods);

        Assert.Equal((ExitCode.Suspicious, 4_990, 20), (ended.ExitCode, finding.Growth!.FramesBefore, finding.Growth.FramesMore));
    }

    [Fact]
    public async Task A_chain_that_did_not_grow_is_named_without_a_verdict()
    {
        using var target = await Target.StartAsync("Release", "Backlog", 10_000);

        var (exitCode, report) = await SafeLoopTool.DiagnoseAsync(target, "--times", "2", "--every", "1");

        Assert.Equal((ExitCode.NothingFound, Verdict.Nothing), (exitCode, report.Findings[0].Verdict));
        Assert.Equal((10_000, 0), (report.Findings[0].Growth!.FramesBefore, report.Findings[0].Growth!.FramesMore));
        Assert.Equal((2, 2), (report.Captures, report.Trend.Count));
    }

    [Fact]
    public async Task A_graph_compared_with_itself_finds_nothing()
    {
        var saved = _directory.File("a.graph");
        using (var target = await Target.StartAsync("Release", "SelfAwait", 10_000))
            Assert.Equal(ExitCode.Leak, (await SafeLoopTool.DiagnoseAsync(target, "--save", saved)).ExitCode);

        var ended = await SafeLoopTool.RunAsync("compare", saved, saved);

        Assert.Equal(ExitCode.NothingFound, ended.ExitCode);
        Assert.Contains("No class changed.", ended.Output);
        Assert.Matches(@"10,000\s+10,000\s+0\s+not grown", ended.Output);
    }

    [Fact]
    public async Task Two_who_look_at_once_both_see_what_there_is()
    {
        using var target = await Target.StartAsync("Release", "SelfAwait", 20_000);

        var looks = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => SafeLoopTool.DiagnoseAsync(target)));

        Assert.All(
            looks, look => Assert.Equal((ExitCode.Leak, 20_000), (look.ExitCode, Assert.Single(look.Report.Findings).Frames)));
    }

    [Fact]
    public async Task Ps_lists_the_process_with_its_heap_and_its_limit()
    {
        const long Limit = 0x40000000;
        using var target = await Target.StartAsync("Release", "SelfAwait", 100_000,
            new Dictionary<string, string> { ["DOTNET_GCHeapHardLimit"] = Limit.ToString("X", CultureInfo.InvariantCulture) });

        var json = await SafeLoopTool.RunAsync("ps", "--json");
        var text = await SafeLoopTool.RunAsync("ps");
        var listed = JsonSerializer.Deserialize(json.Output, JsonReport.Default.IReadOnlyListListedProcess)!
            .Single(process => process.Id == target.Id);

        Assert.Equal((0, 0), (json.ExitCode, text.ExitCode));
        Assert.Equal(("Targets", Limit), (listed.Name, listed.HeapLimit));
        Assert.InRange(listed.HeapUsed!.Value, 10_000_000, 200_000_000);
        Assert.Matches($@"{target.Id}\s+[\d.]+ MiB\s+1\.0 GiB\s+[\d.]+ MiB\s+Targets", text.Output);
    }

    [Fact]
    public async Task The_page_shows_chain_source_and_cure_and_needs_nothing_else()
    {
        var page = _directory.File("report.html");
        using var target = await Target.StartAsync("Release", "SelfAwait", 10_000);

        await SafeLoopTool.DiagnoseAsync(target, "--html", page);
        var html = await File.ReadAllTextAsync(page);

        Assert.Contains("10,000 live frames of Targets.Leaks.SelfAwait.ScheduleUpdatingTask", html);
        Assert.Contains("<mark>   11          await ScheduleUpdatingTask(work); // recurs</mark>", html);
        Assert.Contains("ScheduleUpdatingTask × 10,000", html);
        Assert.Contains("while (isActive)", html);
        Assert.DoesNotContain("<script", html);
        Assert.DoesNotContain("http", html);
        System.Xml.Linq.XDocument.Parse(html.Replace("<!DOCTYPE html>", "", StringComparison.Ordinal)
            .Replace("<meta charset=\"utf-8\">", "", StringComparison.Ordinal));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(page));
    }

    public void Dispose() => _directory.Dispose();
}

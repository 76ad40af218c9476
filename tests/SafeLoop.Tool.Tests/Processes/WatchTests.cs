using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using SafeLoop.Tool.Tests.Support;

namespace SafeLoop.Tool.Tests.Processes;

/// <summary>A process is watched, leaks, and is diagnosed while it does.</summary>
public sealed class WatchTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public async Task When_the_rule_holds_it_captures_diagnoses_keeps_the_report_and_runs_the_command()
    {
        var said = _directory.File("said");
        using var target = await Target.StartAsync("Release", "SelfAwait", 10);
        using var tool = SafeLoopTool.Start(
            "watch", Id(target), "--rule", "heap_used > 30MB", "--out", _directory.Root, "--json", "--exec",
            $"echo $SAFELOOP_VERDICT $SAFELOOP_PID $SAFELOOP_REPORT > {said}");

        var moment = JsonNode.Parse(await tool.LineAsync(line => line.Contains("\"moment\"", StringComparison.Ordinal)))!;
        await target.SayAsync("more 390285");
        var report =
            JsonNode.Parse(await tool.LineAsync(line => line.Contains("\"type\":\"report\"", StringComparison.Ordinal)))!;
        var ended = await tool.EndAsync();

        Assert.Equal((ExitCode.Leak, ""), (ended.ExitCode, ended.Errors));
        Assert.True((double)moment["measures"]!["heap_used"]! > 0);
        Assert.Contains("\"type\":\"alert\"", ended.Output);
        Assert.Equal("Targets.Leaks.SelfAwait.ScheduleUpdatingTask",
            (string)report["report"]!["findings"]![0]!["methods"]![0]!["name"]!);
        Assert.NotEmpty(report["report"]!["trend"]!.AsArray());
        var file = (string)report["file"]!;
        Assert.Equal($"Leak {target.Id} {file}", (await File.ReadAllTextAsync(said)).TrimEnd());
        Assert.Contains("ScheduleUpdatingTask", await File.ReadAllTextAsync(file));
        Assert.Contains("Heap used over time", await File.ReadAllTextAsync(Path.ChangeExtension(file, ".html")));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task The_third_report_knows_what_grew()
    {
        const string Rule = "allocation_rate > 3MB"; // it holds while the program works, and not while it stands
        using var target = await Target.StartAsync("Release", "StaticDictionary", 1_000);
        using var tool = SafeLoopTool.Start("watch", Id(target), "--rule", Rule, "--alerts", "3",
            "--out", _directory.Root, "--json");
        var reports = new List<JsonNode>();
        while (reports.Count < 3)
        {
            await tool.LineAsync(line => JsonNode.Parse(line) is { } moment && (string)moment["type"]! == "moment"
                && (double)moment["measures"]!["allocation_rate"]! < 3e6);
            await target.MoreAsync(6_000);
            var line = await tool.LineAsync(line => line.Contains("\"type\":\"report\"", StringComparison.Ordinal));
            reports.Add(JsonNode.Parse(line)!["report"]!);
        }

        var ended = await tool.EndAsync();

        Assert.Equal(["Nothing", "Nothing", "Leak"], reports.Select(report => (string)report["verdict"]!));
        Assert.StartsWith("static Targets.Shapes.StaticDictionary._items", (string)reports[2]["owners"]![0]!["line"]!,
            StringComparison.Ordinal);
        Assert.Equal((ExitCode.Leak, ""), (ended.ExitCode, ended.Errors));
    }

    [Fact]
    public async Task A_rule_that_goes_on_holding_is_captured_again_when_that_was_asked_for()
    {
        using var target = await Target.StartAsync("Release", "StaticDictionary", 1_000);

        var ended = await SafeLoopTool.RunAsync("watch", Id(target), "--rule", "heap_used > 1", "--alerts", "2", "--every", "1",
            "--out", _directory.Root, "--json");

        var reports = ended.Output.Split('\n')
            .Where(line => line.Contains("\"type\":\"report\"", StringComparison.Ordinal)).ToArray();
        Assert.Equal([1, 2], reports.Select(line => (int)JsonNode.Parse(line)!["report"]!["captures"]!));
    }

    [Fact]
    public async Task What_the_command_says_does_not_get_between_the_lines_of_the_stream()
    {
        using var target = await Target.StartAsync("Release", "SelfAwait", 10_000);
        using var tool = SafeLoopTool.Start("watch", Id(target), "--rule", "heap_used > 1", "--out", _directory.Root, "--json",
            "--exec", "echo not json");

        var ended = await tool.EndAsync();

        Assert.All(ended.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.NotNull(JsonNode.Parse(line)));
        Assert.Equal("not json", ended.Errors.Trim());
    }

    [Fact]
    public async Task A_report_that_cannot_be_kept_is_shown_all_the_same()
    {
        using var target = await Target.StartAsync("Release", "SelfAwait", 10_000);
        using var tool = SafeLoopTool.Start("watch", Id(target), "--rule", "heap_used > 1", "--out", "/proc");

        var ended = await tool.EndAsync();

        Assert.Equal(ExitCode.Leak, ended.ExitCode);
        Assert.Contains("Line 11 awaits the same method", ended.Output);
        Assert.Contains("could not be written", ended.Output);
    }

    [Fact]
    public async Task It_shows_the_heap_and_says_so_when_the_process_ends_before_the_rule_held()
    {
        using var target = await Target.StartAsync("Release", "WhileLoop", 10);
        using var tool = SafeLoopTool.Start("watch", Id(target));

        var line = await tool.LineAsync(line => line.Contains("gen2", StringComparison.Ordinal));
        await target.SayAsync("end");
        var ended = await tool.EndAsync();

        Assert.Matches(@"\d+ %\s+[\d.]+ \wi?B of [\d.]+ GiB  gc pauses [\d.]+ %  gen2 \d+", line);
        Assert.Equal((ExitCode.NothingFound, ""), (ended.ExitCode, ended.Errors));
        Assert.Contains("ended, and heap_used / heap_limit > 0.5 never held", ended.Output);
    }

    [Fact]
    public async Task A_process_that_leaks_to_its_limit_is_diagnosed_before_it_dies()
    {
        // Held back until the watch is there, so that the machine's speed decides nothing but the race that is tested.
        using var target = await Target.StartAsync("Release", "SelfAwait", 10,
            new Dictionary<string, string> { ["DOTNET_GCHeapHardLimit"] = "20000000" });
        using var tool =
            SafeLoopTool.Start("watch", Id(target), "--out", _directory.Root, "--rule", "heap_used / heap_limit > 25%");
        await tool.LineAsync(line => line.Contains("gen2", StringComparison.Ordinal));

        await target.SayAsync("more 100000000");
        var ended = await tool.EndAsync();

        Assert.Equal(ExitCode.Leak, ended.ExitCode);
        Assert.Contains("Line 11 awaits the same method", ended.Output);
        Assert.Contains("of at most 512.0 MiB", ended.Output);
    }

    [Fact]
    public async Task A_command_that_does_not_end_does_not_end_the_watch()
    {
        using var target = await Target.StartAsync("Release", "SelfAwait", 10_000);
        var options = new WatchOptions(
            Rule.Parse("heap_used > 1"), _directory.Root, Alerts: 1, Exec: "echo begun; sleep 3600", MinFrames: 5_000,
            Patience.Last) { ExecLimit = TimeSpan.FromSeconds(1) };
        using var output = new StringWriter();

        var exitCode = await Task.Run(() => new Watcher(TargetProcess.Find(target.Id), options, new TextView(output),
            TimeProvider.System).Run(CancellationToken.None))
            .WaitAsync(Patience.Last);

        Assert.Equal(ExitCode.Leak, exitCode);
        Assert.Contains("The command of --exec had not ended after 1.0 s and was stopped: echo begun; sleep 3600",
            output.ToString());
    }

    [Fact]
    public async Task A_leak_of_an_assembly_that_was_loaded_later_is_reported_too()
    {
        using var target = await Target.StartAsync("Release", "LateLoaded", 1);
        using var tool = SafeLoopTool.Start("watch", Id(target), "--rule", "heap_used > 30MB", "--out", _directory.Root);
        await tool.LineAsync(line => line.Contains("gen2", StringComparison.Ordinal));

        await target.SayAsync("more 1");
        var ended = await tool.EndAsync();

        Assert.Equal(ExitCode.Leak, ended.ExitCode);
        Assert.Contains("Line 11 awaits the same method", ended.Output);
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_watch_that_is_ended_reports_what_it_has_found(string signal)
    {
        using var target = await Target.StartAsync("Release", "SelfAwait", 10_000);

        // The process that runs the tests may ignore the signal of Ctrl+C.
        using var tool = RunningProgram.Start("env",
        [
            "--default-signal=INT", RunningProgram.Dotnet, SafeLoopTool.Assembly,
            "watch", Id(target), "--rule", "heap_used > 1", "--alerts", "2", "--out", _directory.Root,
        ]);
        await tool.LineAsync(line => line.StartsWith("Kept in ", StringComparison.Ordinal));

        tool.Send(signal);
        var ended = await tool.EndAsync();

        Assert.Equal((ExitCode.Leak, ""), (ended.ExitCode, ended.Errors));
    }

    [Fact]
    public async Task A_watch_of_months_is_no_end()
    {
        using var target = await Target.StartAsync("Release", "WhileLoop", 10);
        var time = new FakeTimeProvider();
        var moments = new List<TimeSpan>();

        await Task.Run(() => new WatchSession(TargetProcess.Find(target.Id), heapLimit: 0, time).Run(Patience.Last, (_, at) =>
        {
            moments.Add(at);
            time.Advance(TimeSpan.FromDays(50));
            return moments.Count < 4;
        }, CancellationToken.None)).WaitAsync(Patience.Last);

        Assert.Equal([0, 50, 100, 150], moments.Select(at => at.TotalDays));
    }

    [Theory]
    [InlineData("heap_used >", ExitCode.Usage, "The rule ends where a measure or a number is missing.")]
    [InlineData("heap_used > 1 for 99999999999999h", ExitCode.Usage, "'99999999999999h' is longer than a year.")]
    [InlineData("heap_used > 1", ExitCode.Usage, "there is no such folder", "--out", "/missing/folder")]
    [InlineData("heap_used > 1", ExitCode.Usage, "--alerts is '0', but it must be a whole number of 1 or more.", "--alerts", "0")]
    public async Task A_mistake_is_reported_before_anything_is_watched(
        string rule, int exitCode, string sentence, params string[] arguments)
    {
        var ended = await SafeLoopTool.RunAsync(["watch", "1", "--rule", rule, .. arguments]);

        Assert.Equal((exitCode, ""), (ended.ExitCode, ended.Output));
        Assert.Contains(sentence, ended.Errors);
    }

    public void Dispose() => _directory.Dispose();

    private static string Id(RunningProgram target) => target.Id.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

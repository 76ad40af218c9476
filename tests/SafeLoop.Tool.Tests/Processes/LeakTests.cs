using SafeLoop.Tool.Tests.Support;

namespace SafeLoop.Tool.Tests.Processes;

/// <summary>Real programs that leak, each in its own way, built with and without optimisation.</summary>
public class LeakTests
{
    private const int Frames = 20_000;

    /// <summary>The program, the method the tool must name, and how often a frame of it stands for an iteration.</summary>
    public static TheoryData<string, string, string> Recursive
    {
        get
        {
            (string Program, string Method)[] programs =
            [
                ("SelfAwait", "ScheduleUpdatingTask"), ("SelfAwaitOfResult", "CountAsync"), ("SelfAwaitOfValueTask", "PollAsync"),
                ("PooledValueTask", "PollAsync"), ("Lambda", "RunAsync (lambda)"), ("InFinally", "PollAsync"),
                ("Configured", "PollAsync"),
                ("ThroughWhenAll", "PollAsync"), ("ThroughWhenAny", "PollAsync"), ("ThroughTaskRun", "PollAsync"),
                ("ThroughWaitAsync", "PollAsync"),
                ("ThroughStaticToken", "PollAsync"),
                ("ThroughHelper", "PollAsync"), ("GenericMethod", "PollAsync"), ("AsyncStream", "ReadAsync"),
                ("Generators", "ScheduleUpdatingTask"),
                ("CoTrampoline", "ScheduleUpdatingTask"), ("Completions", "Poll"), ("Continuations", "Poll"),
            ];
            var data = new TheoryData<string, string, string>();
            foreach (var build in (string[])["Release", "Debug"])
            {
                foreach (var (program, method) in programs)
                    data.Add(build, program, method);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Recursive))]
    public async Task A_method_that_comes_back_to_itself_is_named_with_its_file_and_the_line(
        string build, string program, string method)
    {
        var (file, lines) = Repository.Marked(program, "// recurs");
        using var target = await Target.StartAsync(build, program, Frames);

        var (exitCode, report) = await SafeLoopTool.DiagnoseAsync(target);

        Assert.Equal(ExitCode.Leak, exitCode);
        Assert.Equal(Verdict.Leak, report.Verdict);
        Assert.True(report.Origin.IsComplete);
        var finding = Assert.Single(report.Findings);
        // One that has run before it is unwrapped leaves none.
        var frames = program is "Continuations" ? Math.Clamp(finding.Frames, Frames - 50, Frames) : Frames;
        Assert.Equal((frames, 1, frames), (finding.Frames, finding.Chains, finding.Depth));
        Assert.Equal(program is not "Continuations", finding.AwaitsItself); // no object names it
        Assert.DoesNotContain(report.Owners, owner => owner.IsOfTheUser
            && owner.RetainedBytes > finding.RetainedBytes / 20); // that would be the chain again
        Assert.True(finding.RetainedBytes >= frames * 40L, $"{finding.RetainedBytes} B");
        var named = Assert.Single(finding.Methods);
        Assert.Equal($"Targets.Leaks.{program}.{method}", named.Name);
        Assert.Equal("Targets.dll", named.Module);
        Assert.Equal(file, named.Declared?.File);
        Assert.Equal(file, named.Recursion?.File);
        Assert.Contains(named.Recursion!.Line, lines);
        Assert.Contains("// recurs", named.Recursion.Text);
    }

    [Theory]
    [InlineData("Release")]
    [InlineData("Debug")]
    public async Task Methods_that_take_turns_are_named_both_each_with_its_line(string build)
    {
        var (file, lines) = Repository.Marked("Mutual", "// recurs");
        using var target = await Target.StartAsync(build, "Mutual", Frames);

        var (exitCode, report) = await SafeLoopTool.DiagnoseAsync(target);

        Assert.Equal(ExitCode.Leak, exitCode);
        var finding = Assert.Single(report.Findings);
        Assert.Equal((Frames, Frames), (finding.Frames, finding.Depth));
        Assert.Equal(["Targets.Leaks.Mutual.ReadAsync", "Targets.Leaks.Mutual.SaveAsync"],
            finding.Methods.Select(method => method.Name).Order());
        Assert.Equal(lines, finding.Methods.Select(method => method.Recursion!.Line).Order());
        Assert.All(finding.Methods, method => Assert.Equal(file, method.Recursion!.File));
    }

    [Fact]
    public async Task Many_short_chains_of_one_method_are_one_leak()
    {
        const int Chains = 100, Depth = 391;
        using var target = await Target.StartAsync("Release", "ManyShortChains", Chains);

        var (exitCode, report) = await SafeLoopTool.DiagnoseAsync(target);

        Assert.Equal(ExitCode.Leak, exitCode);
        var finding = Assert.Single(report.Findings);
        Assert.Equal((Chains * Depth, Chains, Depth, Depth),
            (finding.Frames, finding.Chains, finding.Depth, finding.MedianDepth));
        Assert.Equal("Targets.Leaks.ManyShortChains.PollAsync", Assert.Single(finding.Methods).Name);
    }

    [Theory]
    [InlineData("ActivityParents", ChainKind.AmbientValues, "System.Diagnostics.Activity")]
    [InlineData("Scopes", ChainKind.AmbientValues, "Targets.Ambient.Scopes.Scope")]
    [InlineData("ScopesAmongMany", ChainKind.AmbientValues, "Targets.Ambient.Scopes.Scope")]
    [InlineData("LogScopes", ChainKind.AmbientValues, "Microsoft.Extensions.Logging.LoggerExternalScopeProvider.Scope")]
    [InlineData("AttachedTasks", ChainKind.AttachedTasks, "System.Threading.Tasks.Task")]
    public async Task Context_that_holds_the_context_before_it_is_a_leak_without_an_await(
        string program, object kind, string type)
    {
        using var target = await Target.StartAsync("Release", program, Frames);

        var (exitCode, report) = await SafeLoopTool.DiagnoseAsync(target);

        Assert.Equal(ExitCode.Leak, exitCode);
        var finding = Assert.Single(report.Findings);
        Assert.Equal((ChainKind)kind, finding.Kind);
        Assert.Equal(type, Assert.Single(finding.FrameTypes));
        Assert.Equal((Frames, Frames), (finding.Frames, finding.Depth));
        Assert.False(finding.AwaitsItself);
    }

    [Fact]
    public async Task What_a_frame_keeps_alive_is_counted_with_it()
    {
        using var target = await Target.StartAsync("Release", "HeavyFrames", Frames);

        var (_, report) = await SafeLoopTool.DiagnoseAsync(target);

        var finding = Assert.Single(report.Findings);
        Assert.InRange(finding.RetainedBytes, Frames * 2700L, Frames * 2800L);
        Assert.InRange(finding.RetainedShare, 0.95, 1);
    }

    [Fact]
    public async Task The_report_is_complete()
    {
        const int Story = 390_285;
        using var target = await Target.StartAsync("Release", "SelfAwait", Story);

        var ended = await SafeLoopTool.RunAsync(
            "diagnose", target.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));

        Assert.Equal(ExitCode.Leak, ended.ExitCode);
        Assert.Contains("LEAK: 390,285 live frames of Targets.Leaks.SelfAwait.ScheduleUpdatingTask (", ended.Output);
        Assert.Contains("one chain, depth 390,285; 38.7 MiB retained, 99 % of the live heap", ended.Output);
        Assert.Contains("Line 11 awaits the same method:   await ScheduleUpdatingTask(work);", ended.Output);
        Assert.Contains("ScheduleUpdatingTask × 390,285", ended.Output);
        Assert.Contains("while (isActive)", ended.Output);
    }
}

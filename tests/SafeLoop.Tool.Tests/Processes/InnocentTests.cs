using SafeLoop.Tool.Tests.Support;

namespace SafeLoop.Tool.Tests.Processes;

/// <summary>Programs with many objects of one kind that hang together somehow, and no leak.</summary>
public class InnocentTests
{
    [Theory]
    [InlineData("WhileLoop", 390_285, "System.String", 100)]
    [InlineData("FireAndForget", 390_285, "System.String", 100)]
    [InlineData("Timers", 50_000, "System.Threading.TimerQueueTimer", 50_000)]
    [InlineData("ParkedAwaiters", 390_285, "Targets.Innocents.ParkedAwaiters.ParkAsync (frame)", 390_285)]
    [InlineData("SemaphoreQueue", 50_000, "Targets.Innocents.SemaphoreQueue.EnterAsync (frame)", 50_000)]
    [InlineData("LinkedNodes", 50_000, "Targets.Innocents.LinkedNodes.Node", 50_000)]
    [InlineData("HonestRecursion", 2_000, "Targets.Innocents.HonestRecursion.WalkAsync (frame)", 2_000)]
    [InlineData("WebServer", 500, "Microsoft.AspNetCore.Server.Kestrel.Core.Internal.Http.Http1Connection<Context>", 500)]
    [InlineData("Pipeline", 50_000, "Targets.Innocents.Pipeline.QueryAsync (frame)", 50_000)]
    public async Task An_innocent_program_is_not_accused(string program, int count, string stands, int times)
    {
        using var target = await Target.StartAsync("Release", program, count);

        var (exitCode, report) = await SafeLoopTool.DiagnoseAsync(target);

        Assert.Empty(report.Findings);
        Assert.Equal((ExitCode.NothingFound, Verdict.Nothing), (exitCode, report.Verdict));
        Assert.True(
            report.Classes.Any(one => one.Name == stands && one.Count >= times),
            $"The heap was not read: {string.Join(", ", report.Classes.Select(one => $"{one.Count} {one.Name}"))}.");
        Assert.DoesNotContain(report.Classes, one => one.Name.Contains("unknown", StringComparison.Ordinal));
    }

    /// <summary>
    /// In one capture they are suspicious: most of the heap, and a large one, is of one kind. It does not grow, though.
    /// </summary>
    [Theory]
    [InlineData("SafeLoops", 60_000)]
    [InlineData("Actors", 50_000)]
    [InlineData("StableCache", 10_000)]
    [InlineData("InFlight", 60_000)]
    public async Task What_is_large_and_does_not_grow_is_not_accused_by_three_captures(string program, int count)
    {
        using var target = await Target.StartAsync("Release", program, count);

        var (exitCode, report) = await SafeLoopTool.DiagnoseAsync(target, "--times", "3", "--every", "1");

        Assert.Equal((ExitCode.NothingFound, Verdict.Nothing, 3), (exitCode, report.Verdict, report.Captures));
        Assert.True(report.Owners[0] is { IsOfTheUser: true, RetainedShare: > 0.25, RetainedBytes: > 32 << 20,
            Growth.IsGrowing: false }, report.Owners[0].Line);
    }

    /// <summary>A load that rises while it is observed, by chance or in the morning: what was there is replaced.</summary>
    [Theory]
    [InlineData("RisingLoad", "static Targets.Innocents.RisingLoad._answers → Queue → ")]
    [InlineData("Sessions", "static Targets.Innocents.Sessions._open → ConcurrentDictionary → ")]
    public async Task Work_that_comes_and_goes_is_not_accused_though_there_is_more_of_it_each_time(string program, string line)
    {
        const int InFlight = 20_000, Tries = 4;
        Comparison comparison;
        var tries = 0;
        do
        {
            // Where the collector moves the whole heap between captures, nothing is recognised, and growth alone counts.
            using var target = await Target.StartAsync("Release", program, InFlight);
            comparison = Comparison.Of(await target.CaptureAsync(3, 2 * InFlight), Diagnoser.DefaultMinFrames);
        }
        while (comparison.Owners[0].Growth!.Survived.All(share => share is null) && ++tries < Tries);

        Assert.Equal(Verdict.Nothing, comparison.Verdict);
        Assert.True(comparison.Owners[0].Growth is { IsGrowing: true, IsTurnover: true }, comparison.Owners[0].Line);
        Assert.Contains(comparison.Notes, note => note.StartsWith("Not accused: " + line, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("HonestRecursion", 20_000)]
    [InlineData("Backlog", 20_000)]
    public async Task A_deep_chain_that_does_not_grow_is_not_accused_by_three_captures(string program, int count)
    {
        using var target = await Target.StartAsync("Release", program, count);
        var captures = await target.CaptureAsync(3, more: 0);

        var comparison = Comparison.Of(captures, Diagnoser.DefaultMinFrames);

        Assert.Equal((Verdict.Nothing, count), (comparison.Verdict, Assert.Single(comparison.Methods).Frames));
    }

    [Fact]
    public async Task A_document_that_flows_with_the_context_is_no_context()
    {
        using var target = await Target.StartAsync("Release", "Document", 20_000);

        var (exitCode, report) = await SafeLoopTool.DiagnoseAsync(target);

        Assert.NotEqual(ExitCode.Leak, exitCode);
        Assert.DoesNotContain(report.Findings, finding => finding.Verdict is Verdict.Leak);
    }

    [Fact]
    public async Task Work_queued_behind_work_is_linked_head_to_tail_but_does_not_await_itself()
    {
        using var target = await Target.StartAsync("Release", "Backlog", 20_000);

        var (exitCode, report) = await SafeLoopTool.DiagnoseAsync(target);

        Assert.Equal(ExitCode.Suspicious, exitCode);
        var finding = Assert.Single(report.Findings);
        Assert.False(finding.AwaitsItself);
        Assert.Null(Assert.Single(finding.Methods).Recursion);
    }

    [Fact]
    public async Task Honest_recursion_is_mentioned_without_a_verdict_and_reported_when_asked_for()
    {
        using var target = await Target.StartAsync("Release", "HonestRecursion", 2_000);

        var (_, silent) = await SafeLoopTool.DiagnoseAsync(target);
        var (exitCode, asked) = await SafeLoopTool.DiagnoseAsync(target, "--min-frames", "1000");

        Assert.Contains(silent.Notes, note => note.Contains(
            "Not accused: 2,000 chained frames of Targets.Innocents.HonestRecursion.WalkAsync", StringComparison.Ordinal));
        Assert.NotEqual(ExitCode.NothingFound, exitCode);
        Assert.Equal(2_000, Assert.Single(asked.Findings).Frames);
    }
}

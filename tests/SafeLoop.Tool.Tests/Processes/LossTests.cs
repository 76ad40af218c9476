using SafeLoop.Tool.Tests.Support;

namespace SafeLoop.Tool.Tests.Processes;

/// <summary>
/// A graph that does not fit into the buffer: events are really lost. It is asked once more,
/// then for a dump, and never thrown away.
/// </summary>
public class LossTests
{
    private const int Frames = 60_000;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task What_one_buffer_loses_a_larger_one_holds()
    {
        using var running = await Target.StartAsync("Release", "SelfAwait", Frames);
        var target = TargetProcess.Find(running.Id);

        var snapshot = Heaps.Capture(target, ModuleMap.Read(target, Limit), Limit, () => new GraphBuffer(First: 1, Most: 64));

        Assert.Equal(("heap graph", true), (snapshot.Origin.Means, snapshot.Origin.IsComplete));
        Assert.Equal(Frames, Assert.Single(Diagnoser.Diagnose(snapshot).Findings).Frames);
    }

    [Fact]
    public async Task What_the_buffer_does_not_hold_a_dump_does()
    {
        using var running = await Target.StartAsync("Release", "SelfAwait", Frames);

        var ended = await SafeLoopTool.RunAsync("diagnose", Id(running), "--buffer", "1");

        Assert.Equal(ExitCode.Leak, ended.ExitCode);
        Assert.Contains("A part of the heap graph was lost; reading a dump instead.", ended.Errors);
        Assert.Contains(": core dump", ended.Output);
        Assert.Contains($"LEAK: {Frames:N0} live frames", ended.Output);
    }

    [Fact]
    public async Task What_came_before_the_gap_is_true_and_said_to_be_a_part()
    {
        using var running = await Target.StartAsync("Release", "SelfAwait", Frames);
        var target = TargetProcess.Find(running.Id);

        var partial = new LiveHeap(target, Limit).Capture(ModuleMap.Read(target, Limit), bufferMegabytes: 1);

        Assert.False(partial.Origin.IsComplete);
        Assert.InRange(partial.Graph.Count, 1_000, Frames - 1);
        // A reference that had slipped to another object would lead from a frame to what no frame holds.
        var report = Diagnoser.Diagnose(partial, minFrames: 1_000);
        var finding = Assert.Single(report.Findings);
        Assert.True(finding.IsLowerBound);
        Assert.Equal("Targets.Leaks.SelfAwait.ScheduleUpdatingTask", Assert.Single(finding.Methods).Name);
        Assert.Equal(1, finding.Chains);
        Assert.Contains(report.Notes, note => note.Contains("every count is a lower bound", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_a_process_that_collects_all_the_time_a_whole_walk_is_read()
    {
        using var running = await Target.StartAsync("Release", "Collecting", Frames);
        var target = TargetProcess.Find(running.Id);
        var map = ModuleMap.Read(target, Limit);

        for (var look = 0; look < 3; look++)
        {
            var snapshot = Heaps.Capture(target, map, Limit);

            Assert.Equal(("heap graph", true), (snapshot.Origin.Means, snapshot.Origin.IsComplete));
            Assert.Equal(Frames, Assert.Single(Diagnoser.Diagnose(snapshot).Findings).Frames);
        }
    }

    [Theory]
    [InlineData(100, 10_000, 256, 8_000)]   // a small process: the least that is tried
    [InlineData(4_000, 20_000, 6_000, 8_192)] // a large one: more than its heap, and no more than the documented most
    [InlineData(900, 150, 120, 120)]        // near its limit: no more than fits, so nothing larger to try
    [InlineData(900, 10, 64, 64)]           // at its limit
    [InlineData(0, 0, 256, 8_192)]          // not known
    public void The_buffer_suits_the_process_and_what_is_left_for_it(
        long residentMegabytes, long roomMegabytes, int first, int most)
    {
        const long MiB = 1024 * 1024;

        Assert.Equal(new GraphBuffer(first, most), GraphBuffer.For(residentMegabytes * MiB, roomMegabytes * MiB));
    }

    private static string Id(RunningProgram target) => target.Id.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

using Microsoft.Diagnostics.NETCore.Client;
using SafeLoop.Tool.Tests.Support;

namespace SafeLoop.Tool.Tests.Processes;

/// <summary>The other ways to a heap: dumps, saved graphs, a process that is stopped.</summary>
public sealed class DumpTests : IDisposable
{
    private const int Frames = 20_000;

    private readonly TemporaryDirectory _directory = new();

    [Theory]
    [InlineData("Release", "SelfAwait", "--dump")]
    [InlineData("Debug", "SelfAwait", "--dump")]
    [InlineData("Release", "SelfAwait", "--attach")]
    [InlineData("Release", "PooledValueTask", "--dump")]
    [InlineData("Release", "GenericMethod", "--dump")]
    [InlineData("Debug", "AsyncStream", "--dump")]
    [InlineData("Release", "Generators", "--dump")]
    [InlineData("Release", "Completions", "--dump")]
    public async Task Another_way_to_the_heap_finds_the_same(string build, string program, string means)
    {
        using var target = await Target.StartAsync(build, program, Frames);

        var (graphCode, graph) = await SafeLoopTool.DiagnoseAsync(target);
        var (exitCode, report) = await SafeLoopTool.DiagnoseAsync(target, means);

        Assert.Equal((ExitCode.Leak, graphCode), (exitCode, graphCode));
        var (expected, found) = (Assert.Single(graph.Findings), Assert.Single(report.Findings));
        Assert.Equal((expected.Frames, expected.Depth, expected.RetainedBytes), (found.Frames, found.Depth, found.RetainedBytes));
        Assert.Equal(expected.Methods, found.Methods);
    }

    [Fact]
    public async Task A_dump_file_and_a_saved_graph_give_the_same_report_as_the_process()
    {
        var (dump, saved) = (_directory.File("core.dmp"), _directory.File("heap.graph"));
        using (var target = await Target.StartAsync("Release", "SelfAwait", Frames))
        {
            new DiagnosticsClient(target.Id).WriteDump(DumpType.WithHeap, dump);
            await SafeLoopTool.DiagnoseAsync(target, "--save", saved);
        }

        foreach (var file in (string[])[dump, saved])
        {
            var (exitCode, report) = await SafeLoopTool.DiagnoseAsync(file);

            Assert.Equal(ExitCode.Leak, exitCode);
            Assert.Equal(Frames, Assert.Single(report.Findings).Frames);
            Assert.Equal(11, report.Findings[0].Methods[0].Recursion!.Line);
        }

        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(saved));
    }

    [Theory]
    [InlineData("TERM", false)]
    [InlineData("INT", false)]
    [InlineData("TERM", true)]
    [InlineData("INT", true)]
    public async Task Ending_it_while_a_dump_is_written_leaves_no_heap_behind(string signal, bool isBegun)
    {
        var before = DumpFolders();
        using var target = await Target.StartAsync("Release", "HeavyFrames", 100_000); // it takes a while to write

        // The process that runs the tests may ignore the signal of Ctrl+C.
        using var tool = RunningProgram.Start(
            "env", ["--default-signal=INT", RunningProgram.Dotnet, SafeLoopTool.Assembly, "diagnose", Id(target), "--dump"]);
        Assert.True(SpinWait.SpinUntil(() => DumpFolders().Except(before)
            .Any(folder => !isBegun || File.Exists(Path.Combine(folder, "heap.dmp"))), Patience.Last));
        tool.Send(signal);
        await tool.EndAsync();
        await SafeLoopTool.DiagnoseAsync(target); // which answers again when the dump is over

        // Folders of other tests disappear too.
        Assert.True(
            SpinWait.SpinUntil(() => !DumpFolders().Except(before).Any(), Patience.Last), string.Join(", ", DumpFolders()));
    }

    [Fact]
    public async Task A_folder_that_is_written_to_while_it_is_deleted_is_gone_all_the_same()
    {
        for (var time = 0; time < 200; time++)
        {
            var folder = Directory.CreateDirectory(_directory.File($"dump{time}"));
            using var started = new ManualResetEventSlim();
            var writing = Task.Run(() =>
            {
                for (var file = 0; folder.Exists && file < 20; file++, folder.Refresh())
                    TryWrite(Path.Combine(folder.FullName, file.ToString(System.Globalization.CultureInfo.InvariantCulture)),
                        started);
            });
            started.Wait(Patience.Last);

            DumpHeap.Forget(new DirectoryInfo(folder.FullName));
            await writing;

            Assert.False(Directory.Exists(folder.FullName));
        }

        static void TryWrite(string file, ManualResetEventSlim started)
        {
            try
            {
                File.WriteAllText(file, "");
                started.Set();
            }
            catch (DirectoryNotFoundException) // deleted
            {
            }
        }
    }

    [Fact]
    public async Task A_chain_that_has_ended_is_garbage_in_a_dump_not_a_leak()
    {
        var dump = _directory.File("core.dmp");
        using (var target = await Target.StartAsync("Release", "Forgotten", Frames))
            new DiagnosticsClient(target.Id).WriteDump(DumpType.WithHeap, dump);

        var (exitCode, report) = await SafeLoopTool.DiagnoseAsync(dump);

        Assert.Empty(report.Findings);
        Assert.Equal(ExitCode.NothingFound, exitCode);
    }

    [Fact]
    public async Task A_dump_without_a_heap_says_so()
    {
        var dump = _directory.File("mini.dmp");
        using (var target = await Target.StartAsync("Release", "SelfAwait", Frames))
            new DiagnosticsClient(target.Id).WriteDump(DumpType.Triage, dump);

        var ended = await SafeLoopTool.RunAsync("diagnose", dump);

        Assert.Equal(ExitCode.Incomplete, ended.ExitCode);
        Assert.Contains("It holds no heap", Assert.Single(ended.Errors.TrimEnd().Split('\n')));
    }

    [Fact]
    public async Task A_dump_that_was_cut_off_says_so()
    {
        var dump = _directory.File("core.dmp");
        using (var target = await Target.StartAsync("Release", "SelfAwait", Frames))
            new DiagnosticsClient(target.Id).WriteDump(DumpType.WithHeap, dump);

        foreach (var share in (double[])[0.9, 0.5, 0.001])
        {
            using (var file = File.OpenWrite(dump))
                file.SetLength((long)(file.Length * share));

            var ended = await SafeLoopTool.RunAsync("diagnose", dump);

            Assert.Equal(ExitCode.Incomplete, ended.ExitCode);
            Assert.Contains("is cut off", Assert.Single(ended.Errors.TrimEnd().Split('\n')));
        }
    }

    public void Dispose() => _directory.Dispose();

    private static string Id(RunningProgram target) => target.Id.ToString(System.Globalization.CultureInfo.InvariantCulture);


    private static string[] DumpFolders() => Directory.GetDirectories(Path.GetTempPath(), "safeloop-??????");
}

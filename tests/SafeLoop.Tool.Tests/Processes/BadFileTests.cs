using System.Text;
using SafeLoop.Tool.Tests.Support;

namespace SafeLoop.Tool.Tests.Processes;

/// <summary>Files that are not what they should be: each is a sentence and an exit code.</summary>
public sealed class BadFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public static TheoryData<string, byte[], int, string> Files => new()
    {
        { "empty", [], ExitCode.Failed, "is neither a core dump nor a graph saved with --save" },
        { "words", Encoding.UTF8.GetBytes("This is no dump at all."), ExitCode.Failed,
            "is neither a core dump nor a graph saved with --save" },
        { "random", Noise(4096), ExitCode.Failed, "is neither a core dump nor a graph saved with --save" },
        { "random dump", [.. "\u007fELF"u8, .. Noise(65536)], ExitCode.Failed, "" },
        { "32-bit dump", [.. "\u007fELF"u8, 1, 1, 1, .. new byte[100]], ExitCode.Failed, "is of a 32-bit process" },
        { "foreign dump", [.. "\u007fELF"u8, 2, 1, 1, .. new byte[9], 4, 0, 0xF3, 0, .. new byte[100]], ExitCode.Failed,
            "is of another kind of machine" },
        { "no core", [.. "\u007fELF"u8, 2, 1, 1, .. new byte[9], 3, 0, 62, 0, .. new byte[100]], ExitCode.Failed,
            "but no core dump" },
        { "short dump", [.. "\u007fELF"u8, 2, 1, 1], ExitCode.Incomplete, "is cut off" },
        { "windows dump", [.. "MDMP"u8, .. Noise(4096)], ExitCode.Failed, "cannot be read" },
        { "short graph", [.. "SLGRAPH4"u8, 1, 2, 3], ExitCode.Incomplete, "was cut off or changed" },
        { "random graph", [.. "SLGRAPH4"u8, .. Noise(4096)], ExitCode.Incomplete, "was cut off or changed" },
        { "old graph", [.. "SLGRAPH2"u8, .. Noise(4096)], ExitCode.Failed, "was saved by another version of safeloop" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_file_that_cannot_be_read_is_a_sentence(string name, byte[] bytes, int exitCode, string sentence)
    {
        var ended = await SafeLoopTool.RunAsync("diagnose", _directory.Write(name, bytes));

        Assert.Equal((exitCode, ""), (ended.ExitCode, ended.Output));
        Assert.Contains(name, ended.Errors);
        Assert.Contains(sentence, Assert.Single(ended.Errors.TrimEnd().Split('\n')));
    }

    [Fact]
    public async Task A_saved_graph_that_was_cut_or_changed_anywhere_is_refused()
    {
        var saved = _directory.File("heap.graph");
        using (var target = await Target.StartAsync("Release", "SelfAwait", 5_000))
            await SafeLoopTool.DiagnoseAsync(target, "--save", saved);
        var bytes = await File.ReadAllBytesAsync(saved);

        foreach (var at in (int[])[bytes.Length / 3, bytes.Length - 1])
        {
            Assert.Throws<ToolException>(() => SavedGraph.Read(_directory.Write("cut", bytes[..at])));
            byte[] changed = [.. bytes];
            changed[at] ^= 1;
            Assert.Throws<ToolException>(() => SavedGraph.Read(_directory.Write("changed", changed)));
        }

        Assert.True(SavedGraph.Read(saved).Graph.Count > 5_000);
    }

    [Theory]
    [InlineData("a type that is none", 7, 0, 0, 0)]
    [InlineData("a reference to nothing", 0, 7, 0, 0)]
    [InlineData("a root that is no object", 0, 0, -1, 0)]
    [InlineData("a module that is none", 0, 0, 0, 7)]
    [InlineData("a heap of less than nothing", 0, 0, 0, 0, -5)]
    public async Task A_saved_graph_that_contradicts_itself_is_refused(
        string what, int type, int reference, int root, int module, long size = 24)
    {
        var saved = _directory.File(what);
        SavedGraph.Write(saved, new Snapshot(new HeapGraph
        {
            Types = [new HeapType("App.Node", module, 0, [])], Modules = [new HeapModule("App.dll", Guid.Empty, "")],
            TypeOf = [type], Sizes = [size], Starts = [0, 1], Targets = [reference],
                Roots = [new HeapRoot(root, RootKind.Handle)],
        }, new SnapshotOrigin { Name = "drawn", Means = "drawn" }));

        var ended = await SafeLoopTool.RunAsync("diagnose", saved);

        Assert.Equal((ExitCode.Failed, $"'{saved}' is a saved graph, but contradicts itself. Save it again.\n"),
            (ended.ExitCode, ended.Errors));
    }

    [Fact]
    public async Task Two_reports_are_not_written_to_one_file()
    {
        var file = _directory.File("report");

        var ended = await SafeLoopTool.RunAsync("diagnose", "1", "--save", file, "--html", file);

        Assert.Equal(ExitCode.Usage, ended.ExitCode);
        Assert.Contains("--save and --html name the same file", ended.Errors);
    }

    [Fact]
    public async Task A_place_that_cannot_be_written_is_a_sentence_and_leaves_nothing_behind()
    {
        using var target = await Target.StartAsync("Release", "WhileLoop", 10);

        var ended = await SafeLoopTool.RunAsync("diagnose", Id(target), "--save",
            Path.Combine(_directory.Root, "missing", "heap.graph"));

        Assert.Equal(ExitCode.Failed, ended.ExitCode);
        Assert.Contains("could not be written", ended.Errors);
    }

    [Fact]
    public async Task A_pipe_is_neither_waited_for_nor_replaced()
    {
        var pipe = _directory.File("pipe");
        using (var making = System.Diagnostics.Process.Start("mkfifo", [pipe]))
            await making.WaitForExitAsync();

        var read = await SafeLoopTool.RunAsync("diagnose", pipe);
        var error = Assert.Throws<ToolException>(() => PrivateFile.Write(pipe, _ => { }));

        Assert.Equal((ExitCode.Failed, ""), (read.ExitCode, read.Output));
        Assert.Contains("is a device or a pipe", read.Errors);
        Assert.Contains("is a device or a pipe", error.Message);
        Assert.True(SpecialFile.Is(pipe));
        Assert.Equal([pipe], Directory.EnumerateFileSystemEntries(_directory.Root));
    }

    [Fact]
    public async Task A_pipe_is_no_source_no_assembly_and_no_symbols()
    {
        var assembly = typeof(BadFileTests).Assembly.Location;
        var (pipe, copy) = (_directory.File("pipe"), _directory.File(Path.GetFileName(assembly)));
        File.Copy(assembly, copy);
        using (var making = System.Diagnostics.Process.Start("mkfifo", [pipe, Path.ChangeExtension(copy, ".pdb")]))
            await making.WaitForExitAsync();

        var (source, module, symbols) = await Task.Run(() =>
        {
            using var file = ModuleFile.TryOpen(new HeapModule(copy, Guid.Empty, ""), processId: 0);
            return (new SourceText().Of(pipe), ModuleFile.TryOpen(new HeapModule(pipe, Guid.Empty, ""), processId: 0),
                file!.Symbols);
        }).WaitAsync(Patience.Last);

        Assert.Null(source);
        Assert.Null(module);
        Assert.Null(symbols);
    }

    [Theory]
    [InlineData("/dev/null", true)]
    [InlineData("/", false)]
    [InlineData("/missing", false)]
    public void Devices_are_distinguished_from_files(string path, bool isSpecial) =>
        Assert.Equal(isSpecial && OperatingSystem.IsLinux(), SpecialFile.Is(path));

    [Fact]
    public void A_disk_that_is_full_leaves_no_half_a_file()
    {
        var file = _directory.File("heap.graph");

        var error = Assert.Throws<ToolException>(() => PrivateFile.Write(file, stream =>
        {
            stream.Write(new byte[100]);
            throw new IOException("No space left on device");
        }));

        Assert.Contains("could not be written: No space left on device", error.Message);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_directory.Root));
    }

    public void Dispose() => _directory.Dispose();

    private static string Id(RunningProgram target) => target.Id.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static byte[] Noise(int length)
    {
        var bytes = new byte[length];
        new Random(390_285).NextBytes(bytes);
        return bytes;
    }
}

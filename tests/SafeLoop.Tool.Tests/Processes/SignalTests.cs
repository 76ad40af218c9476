using System.Globalization;
using SafeLoop.Tool.Tests.Support;

namespace SafeLoop.Tool.Tests.Processes;

/// <summary>A signal at any moment has the exit code the documentation names, however slow the machine is.</summary>
public sealed class SignalTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    /// <summary>
    /// In the order in which a watch loads them: at its first instruction, and while it starts, asks and reads.
    /// </summary>
    public static TheoryData<string, int> Moments
    {
        get
        {
            var moments = new TheoryData<string, int>();
            foreach (var assembly in new[] { "System.CommandLine", "Microsoft.Diagnostics.NETCore.Client",
                "Microsoft.Diagnostics.Tracing.TraceEvent" })
            {
                moments.Add(assembly, Interrupt);
                moments.Add(assembly, Terminate);
            }
            return moments;
        }
    }

    private const int Interrupt = 2;
    private const int Terminate = 15;

    [Theory]
    [MemberData(nameof(Moments))]
    public async Task A_watch_that_has_found_nothing_ends_with_0_from_its_first_instruction_on(string loading, int signal)
    {
        using var target = await Target.StartAsync("Release", "WhileLoop", 10);

        using var tool = StartAt(loading, signal, ends: false, "watch", Id(target), "--out", _directory.Root);
        var ended = await tool.EndAsync();

        Assert.Equal(loading, await File.ReadAllTextAsync(Seen));
        Assert.Equal((ExitCode.NothingFound, ""), (ended.ExitCode, ended.Errors));
    }

    [Theory]
    [InlineData("System.CommandLine")]
    [InlineData("Microsoft.Diagnostics.Tracing.TraceEvent")]
    public async Task A_watch_ends_although_the_process_stands_still(string loading)
    {
        using var target = await Target.StartAsync("Release", "WhileLoop", 10);
        target.Send("STOP");

        using var tool = StartAt(loading, Interrupt, ends: false, "watch", Id(target), "--out", _directory.Root);
        var ended = await tool.EndAsync();

        Assert.Equal((ExitCode.NothingFound, "", ""), (ended.ExitCode, ended.Output, ended.Errors));
    }

    [Fact]
    public async Task A_watch_that_has_found_a_leak_ends_with_3_although_the_process_stands_still()
    {
        using var target = await Target.StartAsync("Release", "SelfAwait", 10_000);
        using var tool = Start([], "watch", Id(target), "--rule", "heap_used > 1", "--alerts", "2", "--out", _directory.Root);
        await tool.LineAsync(line => line.StartsWith("Kept in ", StringComparison.Ordinal));
        target.Send("STOP");

        tool.Send("INT");
        var ended = await tool.EndAsync();

        Assert.Equal((ExitCode.Leak, ""), (ended.ExitCode, ended.Errors));
    }

    [Fact]
    public async Task A_second_signal_ends_a_watch_that_is_busy_with_a_report()
    {
        using var target = await Target.StartAsync("Release", "SelfAwait", 10_000);
        const string Command = "echo begun >&2; exec sleep 3600";
        using var tool = Start([], "watch", Id(target), "--rule", "heap_used > 1", "--out", _directory.Root, "--exec", Command);
        await tool.ErrorAsync("begun");

        tool.Send("INT");
        tool.Send("TERM");
        var ended = await tool.EndAsync(); // also of the command, which writes where the watch does

        Assert.Contains(ended.ExitCode, (int[])[128 + Interrupt, 128 + Terminate]); // the system may deliver the second first
    }

    [Theory]
    [InlineData(Interrupt, "diagnose")]
    [InlineData(Terminate, "diagnose")]
    [InlineData(Interrupt, "compare", "1")]
    [InlineData(Interrupt, "ps")]
    [InlineData(Terminate, "lint")]
    public async Task Every_other_command_ends_as_a_program_does(int signal, params string[] command)
    {
        using var target = await Target.StartAsync("Release", "WhileLoop", 10);

        using var tool = StartAt("System.CommandLine", signal, ends: true, [.. command, Id(target)]);
        var ended = await tool.EndAsync();

        Assert.Equal((128 + signal, ""), (ended.ExitCode, ended.Output));
    }

    [Fact]
    public async Task A_file_that_was_begun_is_gone_when_a_signal_ends_it()
    {
        using var target = await Target.StartAsync("Release", "SelfAwait", 10_000);

        using var tool = StartAt(
            "System.IO.Compression.Brotli",
            Terminate,
            ends: true,
            "diagnose",
            Id(target),
            "--save",
            _directory.File("heap.graph"));
        var ended = await tool.EndAsync();

        Assert.Equal(128 + Terminate, ended.ExitCode);
        Assert.Equal([Seen], Directory.GetFiles(_directory.Root));
    }

    public void Dispose() => _directory.Dispose();

    private string Seen => _directory.File("seen");

    /// <param name="loading">The assembly at whose loading the signal is sent.</param>
    /// <param name="signal">Its number.</param>
    /// <param name="ends">The signal ends it; what it was about to do is then not done.</param>
    /// <param name="arguments">Its command line.</param>
    private RunningProgram StartAt(string loading, int signal, bool ends, params string[] arguments)
    {
        var environment = new Dictionary<string, string>
        {
            ["DOTNET_STARTUP_HOOKS"] = typeof(SignalTests).Assembly.Location,
            [StartupHook.At] = loading,
            [StartupHook.Signal] = signal.ToString(CultureInfo.InvariantCulture),
            [StartupHook.Seen] = Seen,
        };
        if (ends)
            environment[StartupHook.Ends] = "1";
        return Start(environment, arguments);
    }

    // A shell that starts the tests in the background may have turned off what Ctrl+C sends.
    private static RunningProgram Start(Dictionary<string, string> environment, params string[] arguments) =>
        RunningProgram.Start(
            "env", ["--default-signal=INT", RunningProgram.Dotnet, SafeLoopTool.Assembly, .. arguments], environment);

    private static string Id(RunningProgram target) => target.Id.ToString(CultureInfo.InvariantCulture);
}

using System.Globalization;
using SafeLoop.Tool.Tests.Support;

namespace SafeLoop.Tool.Tests.Processes;

/// <summary>Processes that cannot be asked, or do not answer, or die: a sentence, an exit code, and no harm done.</summary>
public class ReachTests
{
    [Theory]
    [InlineData(ExitCode.Failed, "There is no process 2147480000.", "2147480000")]
    [InlineData(ExitCode.Failed, "'nowhere' is neither a process id nor a file.", "nowhere")]
    [InlineData(ExitCode.Failed, "is a directory", "/")]
    [InlineData(ExitCode.Usage, "Required argument missing")]
    [InlineData(ExitCode.Usage, "--min-frames is 'x', but it must be a whole number of 100 or more.", "1", "--min-frames", "x")]
    [InlineData(ExitCode.Usage, "--timeout is '0', but it must be a whole number from 1 to 86400.", "1", "--timeout", "0")]
    [InlineData(ExitCode.Usage, "--timeout is '99999999', but it must be a whole number from 1 to 86400.", "1", "--timeout",
        "99999999")]
    [InlineData(ExitCode.Usage, "--every is '99999999999', but it must be a whole number from 1 to 86400.", "1", "--times", "3",
        "--every", "99999999999")]
    [InlineData(ExitCode.Usage, "--times is '0', but it must be a whole number from 1 to 100.", "1", "--times", "0")]
    [InlineData(ExitCode.Usage, "--buffer is '0', but it must be a whole number of 1 or more.", "1", "--buffer", "0")]
    [InlineData(ExitCode.Failed, "'/dev/zero' is a device or a pipe.", "/dev/zero")]
    [InlineData(ExitCode.Usage, "--dump and --attach exclude each other.", "1", "--dump", "--attach")]
    [InlineData(ExitCode.Usage, "'--surprise'", "1", "--surprise")]
    [InlineData(ExitCode.Usage, "'' is no file to write to. Name one.", "1", "--html", "")]
    [InlineData(ExitCode.Failed, "'/no/such/folder/page.html' could not be written: there is no such folder. Make it first.", "1",
        "--html", "/no/such/folder/page.html")]
    public async Task What_cannot_be_looked_at_is_a_sentence(int exitCode, string sentence, params string[] arguments)
    {
        var ended = await SafeLoopTool.RunAsync(["diagnose", .. arguments]);

        Assert.Equal((exitCode, ""), (ended.ExitCode, ended.Output));
        Assert.Contains(sentence, ended.Errors);
    }

    [Fact]
    public async Task A_process_that_is_not_dotnet_says_so()
    {
        using var other = RunningProgram.Start("sleep", ["600"]);

        var ended = await SafeLoopTool.RunAsync("diagnose", Id(other));

        Assert.Equal((ExitCode.NotPermitted, ""), (ended.ExitCode, ended.Output));
        Assert.Contains("it is no .NET process", ended.Errors);
    }

    [Fact]
    public async Task A_process_with_diagnostics_off_says_so()
    {
        using var target = await Target.StartAsync("Release", "WhileLoop", 10,
            new Dictionary<string, string> { ["DOTNET_EnableDiagnostics"] = "0" });

        var ended = await SafeLoopTool.RunAsync("diagnose", Id(target));

        Assert.Equal((ExitCode.NotPermitted, ""), (ended.ExitCode, ended.Output));
        Assert.Contains("DOTNET_EnableDiagnostics=0", ended.Errors);
    }

    [Fact]
    public async Task A_temporary_folder_the_diagnostics_client_cannot_open_is_named()
    {
        using var directory = new TemporaryDirectory();
        var environment =
            new Dictionary<string, string> { ["TMPDIR"] = Directory.CreateDirectory(directory.File("with space")).FullName };
        using var target = await Target.StartAsync("Release", "WhileLoop", 10, environment);
        using var tool = RunningProgram.StartDotnet(SafeLoopTool.Assembly, ["diagnose", Id(target)], environment);

        var ended = await tool.EndAsync();

        Assert.Equal((ExitCode.NotPermitted, ""), (ended.ExitCode, ended.Output));
        Assert.Contains("with space", ended.Errors);
        Assert.Contains("Start the process and safeloop with another TMPDIR.", ended.Errors);
    }

    [Fact]
    public async Task Another_users_process_is_not_permitted()
    {
        // Root may connect to every process, so another user tries root's. For all others the first process is another user's.
        using var target = await Target.StartAsync("Release", "WhileLoop", 10);
        using var other = Environment.IsPrivilegedProcess ? new OtherUser() : null;
        using var tool = other?.Start("diagnose", Id(target)) ?? SafeLoopTool.Start("diagnose", "1");

        var ended = await tool.EndAsync();

        Assert.Equal((ExitCode.NotPermitted, ""), (ended.ExitCode, ended.Output));
        Assert.DoesNotContain("   at ", ended.Errors);
        Assert.Contains("belongs to root. Run safeloop as root.", ended.Errors);
    }

    [Fact]
    public void A_user_has_a_name_or_a_number()
    {
        string[] users = ["root:x:0:0:root:/root:/bin/sh", "app:x:1654:1654::/home/app:/bin/sh"];

        Assert.Equal("app", ProcessUser.NameOf("1654", users));
        Assert.Null(ProcessUser.NameOf("165", users));
        Assert.Null(ProcessUser.Other(Environment.ProcessId));
    }

    [Fact]
    public async Task On_a_terminal_it_says_what_it_does_and_leaves_nothing_of_that_behind()
    {
        using var target = await Target.StartAsync("Release", "SelfAwait", 6_000);
        using var tool = RunningProgram.Start("script",
            ["-qefc", $"'{RunningProgram.Dotnet}' '{SafeLoopTool.Assembly}' diagnose {Id(target)}", "/dev/null"]);

        var ended = await tool.EndAsync();

        Assert.Equal(ExitCode.Leak, ended.ExitCode);
        Assert.Contains("Reading the heap … 0 s", ended.Output);
        Assert.Contains("Looking for what holds the heap … 0 s", ended.Output);
        Assert.DoesNotMatch("… [0-9]+ s[^\u001b]*\n", ended.Output); // each line that goes on was taken back
    }

    [Fact]
    public async Task A_process_that_stands_still_does_not_hang_the_tool_and_goes_on_unharmed()
    {
        using var target = await Target.StartAsync("Release", "SelfAwait", 6_000);
        target.Send("STOP");

        var stopped = await SafeLoopTool.RunAsync("diagnose", Id(target), "--timeout", "1");
        target.Send("CONT");
        var (exitCode, report) = await SafeLoopTool.DiagnoseAsync(target);

        Assert.Equal((ExitCode.Failed, ""), (stopped.ExitCode, stopped.Output));
        Assert.Contains("did not answer within 1.0 s", stopped.Errors);
        Assert.Equal(ExitCode.Leak, exitCode);
        Assert.Equal(6_000, report.Findings[0].Frames);
    }

    [Theory]
    [InlineData("diagnose", "0")] // the tool's own group, to the system
    [InlineData("watch", "0")]
    [InlineData("watch", "-5")]
    public async Task An_unknown_process_id_is_reported(string command, string id)
    {
        var ended = await SafeLoopTool.RunAsync(command, id);

        Assert.Equal((ExitCode.Failed, $"There is no process {id}. `safeloop ps` lists those that can be looked at.\n"),
            (ended.ExitCode, ended.Errors));
    }

    [Fact]
    public async Task A_process_that_has_ended_is_not_taken_for_another_of_the_same_number()
    {
        using var running = await Target.StartAsync("Release", "WhileLoop", 10);
        var found = TargetProcess.Find(running.Id);
        var another = new TargetProcess(running.Id, found.Name, found.Started!.Value.AddSeconds(-1));

        found.MustStillRun();
        Assert.Equal(ExitCode.Incomplete, Assert.Throws<ToolException>(another.MustStillRun).ExitCode);
        running.Kill();
        await running.EndAsync();
        var ended = Assert.Throws<ToolException>(found.MustStillRun);

        Assert.Equal((ExitCode.Incomplete, $"Process {running.Id} (Targets) ended before it was looked at again."),
            (ended.ExitCode, ended.Message));
    }

    [Fact]
    public async Task A_process_that_stands_still_is_not_waited_for_for_ever_when_it_shall_write_a_dump()
    {
        using var running = await Target.StartAsync("Release", "SelfAwait", 6_000);
        var target = TargetProcess.Find(running.Id);
        running.Send("STOP");

        var error = await Assert.ThrowsAsync<ToolException>(
            () => Task.Run(() => DumpHeap.Capture(target, heapLimit: 0, TimeSpan.FromSeconds(1))).WaitAsync(Patience.Last));
        running.Send("CONT");
        var (exitCode, _) = await SafeLoopTool.DiagnoseAsync(running);

        Assert.Equal((ExitCode.Failed, ExitCode.Leak), (error.ExitCode, exitCode));
        Assert.Contains("had not written its dump after 1.0 s", error.Message);
    }

    [Fact]
    public async Task A_process_that_dies_while_it_is_looked_at_is_a_sentence()
    {
        using var target = await Target.StartAsync("Release", "SelfAwait", 6_000);
        target.Send("STOP");
        using var tool = SafeLoopTool.Start("diagnose", Id(target));
        await tool.ErrorAsync("will stand still");

        target.Kill();
        var ended = await tool.EndAsync();

        Assert.Equal((ExitCode.Incomplete, ""), (ended.ExitCode, ended.Output));
        Assert.DoesNotContain("   at ", ended.Errors);
        Assert.Contains("ended", ended.Errors);
    }

    [Fact]
    public async Task It_says_beforehand_that_the_process_will_stand_still_and_the_process_lives_on()
    {
        using var target = await Target.StartAsync("Release", "SelfAwait", 6_000);

        var ended = await SafeLoopTool.RunAsync("diagnose", Id(target));
        await target.SayAsync("more 4000");
        await target.LineAsync(line => line == "ready");
        var (_, later) = await SafeLoopTool.DiagnoseAsync(target);

        Assert.Contains("will stand still for one full garbage collection", ended.Errors);
        Assert.Equal(10_000, later.Findings[0].Frames);
    }

    private static string Id(RunningProgram target) => target.Id.ToString(CultureInfo.InvariantCulture);

}

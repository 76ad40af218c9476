using System.Text.RegularExpressions;
using Samples.Tests.Support;

namespace Samples.Tests.Processes;

/// <summary>The sample as a user starts it: a real service, killed for real, over a real file.</summary>
public class NightlyProcessTests
{
    [Fact]
    public async Task A_killed_service_knows_what_became_of_each_night_and_catches_up()
    {
        using var directory = new TemporaryDirectory();
        using var sample = SampleProcess.Start("Nightly", directory.Root);
        var ended = await sample.EndAsync();

        Assert.Equal((0, ""), (ended.ExitCode, ended.Errors));
        var history = ended.Output.Split('\n').SkipWhile(line => !line.StartsWith("What nightly.db remembers", StringComparison.Ordinal));

        // A slow machine may add a night at the end, not in between: successes, the one that was killed, those without a host.
        Assert.Matches(
            @"^( *\S+ +Succeeded\n)+ *\S+ +Interrupted \(HostLost\)\n *\S+ to \S+ +Skipped \(HostDown\), \d+ nights\n *\S+ +Succeeded\n",
            string.Concat(history.Skip(1).Select(line => line.TrimEnd() + "\n")));
        Assert.Equal(1, Regex.Count(ended.Output, "killed in the middle of it"));
    }

    [Fact]
    public async Task A_mistake_on_the_command_line_is_a_sentence()
    {
        using var directory = new TemporaryDirectory();
        using var sample = SampleProcess.Start("Nightly", directory.Root, "--nights", "3");
        var ended = await sample.EndAsync();

        Assert.Equal(2, ended.ExitCode);
        Assert.Contains("'--nights' is not an option.", ended.Errors, StringComparison.Ordinal);
    }
}

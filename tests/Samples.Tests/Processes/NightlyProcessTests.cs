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
        Assert.Single(ended.Output.Split('\n'), line => line.Contains("killed in the middle of it", StringComparison.Ordinal));

        // A slow machine may add nights at the beginning and at the end, but none in between.
        var history = ended.Output.Split('\n').SkipWhile(line => !line.StartsWith("What nightly.db", StringComparison.Ordinal))
            .Skip(1).Select(line => line.TrimEnd());
        Assert.Matches(
            """
            ^( *\S+ +Succeeded
            )+ *\S+ +Interrupted \(HostLost\)
             *\S+ to \S+ +Skipped \(HostDown\), \d+ nights
             *\S+ +Succeeded

            """,
            string.Join('\n', history));
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

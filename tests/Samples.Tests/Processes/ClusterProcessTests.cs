using Samples.Tests.Support;

namespace Samples.Tests.Processes;

/// <summary>The sample as a user starts it: real silos on a real Redis.</summary>
public class ClusterProcessTests
{
    // In its own folder: parts of Orleans are not copied beside the tests, whose framework has them.
    private static readonly string Place = Path.Combine(
        AppContext.BaseDirectory.Replace(
            Path.Combine("tests", "Samples.Tests"), Path.Combine("samples", "Cluster"), StringComparison.Ordinal),
        "Cluster");

    [Fact]
    public async Task Silos_share_the_loops_one_is_killed_one_added_one_stopped_and_no_slot_is_lost()
    {
        using var directory = new TemporaryDirectory();
        using var sample = SampleProcess.Start(Place, directory.Root, "--keys", "3000", "--every", "2");
        var ended = await sample.EndAsync();

        Assert.True(ended.ExitCode == 0, ended.Output + ended.Errors); // 1: lost, or doubled without the kill
        foreach (var step in new[] { "Three silos start.", "east is killed", "west starts.", "south is asked to stop" })
            Assert.Contains(step, ended.Output, StringComparison.Ordinal);
        Assert.Equal(4, Count("seconds all 1,024 shards are owned"));
        Assert.Equal(2, Count("lost     0"));

        int Count(string text) => ended.Output.Split(text).Length - 1;
    }
}

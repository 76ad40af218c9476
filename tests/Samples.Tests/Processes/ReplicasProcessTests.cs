using System.Globalization;
using Samples.Tests.Support;

namespace Samples.Tests.Processes;

/// <summary>The sample as a user starts it: real replicas on a real PostgreSQL.</summary>
public class ReplicasProcessTests
{
    [Fact]
    public async Task Replicas_share_the_slots_one_is_killed_and_no_slot_is_saved_twice()
    {
        using var directory = new TemporaryDirectory();
        using var sample = SampleProcess.Start("Replicas", directory.Root, "--seconds", "14");
        var ended = await sample.EndAsync(TimeSpan.FromMinutes(2));

        var saved = ended.Output.Split('\n').Where(line => line.EndsWith(" saved", StringComparison.Ordinal)).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToArray();
        Assert.Equal((0, ""), (ended.ExitCode, ended.Errors));
        Assert.Contains("north was killed.", ended.Output, StringComparison.Ordinal);
        Assert.NotEmpty(saved);
        Assert.Distinct(saved.Select(words => words[0]));
        var fences = saved.Select(words => long.Parse(words[2], CultureInfo.InvariantCulture)).ToArray();
        Assert.All(fences.Zip(fences.Skip(1)), pair => Assert.True(pair.Second > pair.First));
    }

    [Fact]
    public async Task A_mistake_on_the_command_line_is_a_sentence()
    {
        using var directory = new TemporaryDirectory();
        using var sample = SampleProcess.Start("Replicas", directory.Root, "--secondes", "3");
        var ended = await sample.EndAsync();

        Assert.Equal(2, ended.ExitCode);
        Assert.Contains("--seconds", ended.Errors, StringComparison.Ordinal);
    }
}

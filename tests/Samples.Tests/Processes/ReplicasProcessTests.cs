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
        using var sample = SampleProcess.Start("Replicas", directory.Root, "--kills", "1");
        var ended = await sample.EndAsync();

        // Without a time limit: the sample ends when the replica that was killed has saved again.
        var saved = ended.Output.Split('\n').Where(line => line.EndsWith(" saved", StringComparison.Ordinal))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToArray();
        Assert.Equal((0, ""), (ended.ExitCode, ended.Errors));
        Assert.Contains("north was killed.", ended.Output, StringComparison.Ordinal);
        Assert.Contains(Lines(after: "north was killed."), line => line.EndsWith("east saved", StringComparison.Ordinal)
            || line.EndsWith("south saved", StringComparison.Ordinal));
        Assert.Contains(Lines(after: "north is started again."), line => line.EndsWith("north saved", StringComparison.Ordinal));
        Assert.Distinct(saved.Select(words => words[0]));
        var fences = saved.Select(words => long.Parse(words[2], CultureInfo.InvariantCulture)).ToArray();
        Assert.All(fences.Zip(fences.Skip(1)), pair => Assert.True(pair.Second > pair.First));

        IEnumerable<string> Lines(string after) => ended.Output.Split('\n')
            .SkipWhile(line => !line.EndsWith(after, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_mistake_on_the_command_line_is_a_sentence()
    {
        using var directory = new TemporaryDirectory();
        using var sample = SampleProcess.Start("Replicas", directory.Root, "--kill", "3");
        var ended = await sample.EndAsync();

        Assert.Equal(2, ended.ExitCode);
        Assert.Contains("Did you mean --kills?", ended.Errors, StringComparison.Ordinal);
    }
}

using Microsoft.Data.Sqlite;
using Samples.Tests.Support;

namespace Samples.Tests.Processes;

public sealed class DeviceInfoProcessTests : IDisposable
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(5);

    private readonly TemporaryDirectory _directory = new();

    private string Database => _directory.File("device.db");

    [Fact]
    public async Task It_runs_three_tasks_and_ends_by_itself_with_a_summary()
    {
        using var sample = SampleProcess.Start("DeviceInfo", "--seconds", "5", "--database", Database);

        var (exitCode, output, errors) = await sample.EndAsync();

        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Contains("updateDeviceInfo #2 Succeeded", output, StringComparison.Ordinal);
        Assert.Contains("pruneReadings #1 Succeeded", output, StringComparison.Ordinal);
        Assert.Contains("flakyCheck #2 Failed", output, StringComparison.Ordinal);
        Assert.Contains("flakyCheck #3 Succeeded", output, StringComparison.Ordinal);
        Assert.Matches("Summary\n  updateDeviceInfo +[2-9] iterations: [2-9] Succeeded\n", output);
        Assert.Matches("heap: .+ at start, .+ at end", output);
        Assert.InRange(Readings(), 2, 9);
    }

    [Theory]
    [InlineData("-TERM")]
    [InlineData("-INT")]
    public async Task A_signal_ends_it_within_five_seconds_with_a_summary(string signal)
    {
        using var sample = SampleProcess.Start("DeviceInfo", "--database", Database);
        await sample.WaitForLineAsync("updateDeviceInfo #1 Succeeded");

        sample.Send(signal);
        var (exitCode, output, errors) = await sample.EndAsync(StopLimit);

        Assert.Equal((0, ""), (exitCode, errors));
        Assert.Contains("Summary", output, StringComparison.Ordinal);
        Assert.True(Readings() > 0);
    }

    [Theory]
    [InlineData("--seconds")]
    [InlineData("--seconds", "0")]
    [InlineData("--seconds", "soon")]
    [InlineData("--database")]
    [InlineData("--second", "5")]
    [InlineData("surplus")]
    public async Task Bad_options_print_the_usage_and_exit_with_2(params string[] arguments)
    {
        using var sample = SampleProcess.Start("DeviceInfo", arguments);

        var (exitCode, output, errors) = await sample.EndAsync();

        Assert.Equal((2, ""), (exitCode, output));
        Assert.Contains("Usage", errors, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_a_sentence_not_a_stack_trace()
    {
        using var sample = SampleProcess.Start("DeviceInfo", "--database", _directory.Write("notes.txt", new string('x', 5000)));

        var (exitCode, _, errors) = await sample.EndAsync();

        Assert.NotEqual(0, exitCode);
        Assert.EndsWith(".", errors.Trim(), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Dispose();

    private long Readings()
    {
        using var connection = new SqliteConnection($"Data Source={Database};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM reading";
        return (long)command.ExecuteScalar()!;
    }
}

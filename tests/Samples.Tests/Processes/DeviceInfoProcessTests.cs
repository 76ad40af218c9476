using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Samples.Tests.Support;

namespace Samples.Tests.Processes;

[Collection(AloneCollection.Name)]
public sealed partial class DeviceInfoProcessTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public async Task With_a_limit_it_ends_by_itself_and_sums_up_what_it_did()
    {
        using var process = Start("--seconds", "5", "--database", "a.db");

        var ended = await process.EndAsync();

        Assert.Equal((0, ""), (ended.ExitCode, ended.Errors));
        Assert.Matches(@"heap: [\d.]+ \w+ at start, [\d.]+ \w+ at end", ended.Output);
        Assert.Equal(Rows("a.db"), Written(ended));
    }

    [Fact]
    public async Task Its_summary_counts_what_every_task_did()
    {
        using var process = Start("--database", "a.db");
        await process.LinesAsync(
            @"updateDeviceInfo #\d+ Succeeded",
            @"pruneReadings #\d+ Succeeded",
            @"flakyCheck #\d+ Succeeded",
            @"flakyCheck #\d+ Failed");

        process.Send("TERM");
        var ended = await process.EndAsync();

        Assert.True(Summary(ended, "updateDeviceInfo", "Succeeded") >= 1, ended.Output);
        Assert.True(Summary(ended, "pruneReadings", "Succeeded") >= 1, ended.Output);
        Assert.True(Summary(ended, "flakyCheck", "Succeeded") >= 1, ended.Output);
        Assert.True(Summary(ended, "flakyCheck", "Failed") >= 1, ended.Output);
    }

    [Fact]
    public async Task Every_ended_iteration_has_exactly_one_line()
    {
        using var process = Start("--seconds", "3");

        var ended = await process.EndAsync();

        foreach (var task in new[] { "updateDeviceInfo", "pruneReadings", "flakyCheck" })
        {
            var iterations =
                int.Parse(Regex.Match(ended.Output, $@"^  {task} +(\d+) iterations", RegexOptions.Multiline).Groups[1].Value,
                    CultureInfo.InvariantCulture);
            var lines = Regex.Matches(ended.Output, $@"^\d\d:\d\d:\d\d {task} #(\d+) ", RegexOptions.Multiline);
            Assert.Equal(Enumerable.Range(1, iterations),
                lines.Select(line => int.Parse(line.Groups[1].Value, CultureInfo.InvariantCulture)));
        }
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task A_signal_ends_it_in_time_with_a_summary(string signal)
    {
        using var process = Start();
        await process.LineAsync(line => line.Contains("updateDeviceInfo #1 Succeeded", StringComparison.Ordinal));

        process.Send(signal);
        var ended = await process.EndAsync();

        Assert.Equal((0, ""), (ended.ExitCode, ended.Errors));
        Assert.Equal(Rows("device-info.db"), Written(ended));
    }

    [Fact]
    public async Task A_signal_ends_it_in_time_while_an_iteration_waits_for_the_database()
    {
        using var process = Start("--database", "a.db");
        await process.LineAsync(line => line.Contains("updateDeviceInfo #1 Succeeded", StringComparison.Ordinal));
        using var connection = Open("a.db");
        using var locked = connection.BeginTransaction(deferred: false);
        var failed = await process.LineAsync(line => line.Contains("updateDeviceInfo #", StringComparison.Ordinal)
            && line.Contains("Failed", StringComparison.Ordinal));
        Assert.Contains("is locked by another program", failed);

        process.Send("TERM");
        var ended = await process.EndAsync();

        Assert.Equal((0, ""), (ended.ExitCode, ended.Errors));
        Assert.Contains("Summary", ended.Output);
    }

    [Fact]
    public async Task Two_instances_share_a_database()
    {
        using var one = Start("--database", "a.db");
        using var two = Start("--database", "a.db");
        foreach (var process in new[] { one, two })
            await process.LinesAsync(@"updateDeviceInfo #\d+ Succeeded");

        one.Send("TERM");
        two.Send("TERM");
        var ended = await Task.WhenAll(one.EndAsync(), two.EndAsync());

        Assert.All(ended, process => Assert.Equal((0, ""), (process.ExitCode, process.Errors)));
        Assert.All(ended, process => Assert.True(Written(process) > 0, process.Output));
        Assert.Equal(Rows("a.db"), ended.Sum(Written));
        using var connection = Open("a.db");
        Assert.Equal("ok", Scalar(connection, "PRAGMA integrity_check"));
    }

    [Theory]
    [InlineData("--seconds is 'x', but it must be a whole number", "--seconds", "x")]
    [InlineData("--seconds is '0', but it must be a whole number", "--seconds", "0")]
    [InlineData("--seconds needs a value.", "--seconds")]
    [InlineData("--database is empty.", "--database", "")]
    [InlineData("Did you mean --seconds?", "--second", "5")]
    [InlineData("'surprise' is not an option.", "surprise")]
    public async Task Bad_options_show_the_usage(string sentence, params string[] args)
    {
        using var process = Start(args);

        var ended = await process.EndAsync();

        Assert.Equal((2, ""), (ended.ExitCode, ended.Output));
        Assert.Contains(sentence, ended.Errors);
        Assert.Contains("Usage: DeviceInfo", ended.Errors);
    }

    [Fact]
    public async Task Help_is_no_mistake()
    {
        using var process = Start("--help");

        var ended = await process.EndAsync();

        Assert.Equal((0, ""), (ended.ExitCode, ended.Errors));
        Assert.Contains("Usage: DeviceInfo", ended.Output);
    }

    [Fact]
    public async Task A_database_that_cannot_be_used_is_a_sentence_not_a_stack_trace()
    {
        foreach (var path in new[] { ".", Path.Combine("missing", "a.db"),
            _directory.Write("text.db", "This is not a database, but a text of some length. " + new string('x', 4096)) })
        {
            using var process = Start("--database", path);

            var ended = await process.EndAsync();

            Assert.Equal((1, ""), (ended.ExitCode, ended.Output));
            Assert.StartsWith("The database '", ended.Errors);
            Assert.Single(ended.Errors.TrimEnd().Split('\n'));
        }
    }

    [Fact]
    public async Task A_schedule_can_be_changed_in_a_settings_file_and_a_mistake_in_it_is_a_sentence()
    {
        _directory.Write("appsettings.json", """{ "RecurringTasks": { "flakyCheck": { "StopAfter": 2 } } }""");
        using (var process = Start())
        {
            await process.LinesAsync("flakyCheck #2 ");
            process.Send("TERM");
            Assert.Contains("flakyCheck        2 iterations: 1 Succeeded, 1 Failed", (await process.EndAsync()).Output);
        }

        _directory.Write("appsettings.json", """{ "RecurringTasks": { "flakyCheck": { "Every": "often" } } }""");
        using (var process = Start("--seconds", "3"))
        {
            var ended = await process.EndAsync();

            Assert.Equal((1, ""), (ended.ExitCode, ended.Output));
            Assert.Contains("RecurringTasks:flakyCheck:Every 'often' is not a duration", ended.Errors);
            Assert.Single(ended.Errors.TrimEnd().Split('\n'));
        }
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _directory.Dispose();
    }

    private SampleProcess Start(params string[] args) => SampleProcess.Start("DeviceInfo", _directory.Root, args);

    private static long Summary(SampleProcess.Ended ended, string task, string outcome)
    {
        var line = ended.Output.Split('\n').SkipWhile(line => line != "Summary")
            .FirstOrDefault(line => line.TrimStart().StartsWith(task, StringComparison.Ordinal)) ?? "";
        var count = Regex.Match(line, $@"(\d+) {outcome}");
        return count.Success ? long.Parse(count.Groups[1].Value, CultureInfo.InvariantCulture) : 0;
    }

    private static long Written(SampleProcess.Ended ended) =>
        long.Parse(RowsWritten().Match(ended.Output).Groups[1].Value, CultureInfo.InvariantCulture);

    private long Rows(string database)
    {
        using var connection = Open(database);
        return new[] { "reading", "disk", "network_interface", "temperature" }.Sum(table => (long)Scalar(
            connection, $"SELECT count(*) FROM {table}"));
    }

    private SqliteConnection Open(string database)
    {
        var connection = new SqliteConnection($"Data Source={_directory.File(database)}");
        connection.Open();
        return connection;
    }

    private static object Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar()!;
    }

    [GeneratedRegex(@"rows written: (\d+) to ")]
    private static partial Regex RowsWritten();
}

namespace SafeLoop.EntityFrameworkCore.Tests.Crash;

/// <summary>
/// The same with real processes and <c>kill -9</c>, on both databases at once. <c>tests/crash.sh</c> does it for ten minutes.
/// </summary>
public sealed class KilledProcessesTests
{
    private static readonly TimeSpan Killing = TimeSpan.FromSeconds(20); // the last slots take some seconds more

    [Fact]
    public async Task Each_slot_has_one_outcome_whenever_processes_are_killed()
    {
        await using var databases = new CrashDatabases();
        await using var sqlite = new KilledProcesses(
            "sqlite", databases.CreateConnectionString("sqlite"), seed: 1, replicas: 2);
        await using var postgres = new KilledProcesses(
            "postgres", databases.CreateConnectionString("postgres"), seed: 1, replicas: 2);
        var reports = await Task.WhenAll(sqlite.RunAsync(Killing), postgres.RunAsync(Killing));
        Assert.All(reports, report =>
        {
            Assert.True(report.Violations.Count == 0, report.ToString());
            Assert.InRange(report.Cuts, 3, int.MaxValue);
            Assert.InRange(report.Slots, 11, long.MaxValue);
        });
    }
}

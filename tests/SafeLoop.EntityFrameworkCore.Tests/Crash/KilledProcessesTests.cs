namespace SafeLoop.EntityFrameworkCore.Tests.Crash;

/// <summary>
/// The same with real processes and <c>kill -9</c>, for 30 s in all. <c>tests/crash.sh</c> does it for ten minutes.
/// </summary>
public sealed class KilledProcessesTests
{
    // On both databases at once: the processes mostly wait.
    private static readonly TimeSpan Killing = TimeSpan.FromSeconds(15), BetweenKills = TimeSpan.FromSeconds(4);

    [Fact]
    public async Task Each_slot_has_one_outcome_whenever_processes_are_killed()
    {
        await using var databases = new CrashDatabases();
        await using var sqlite = new KilledProcesses(
            "sqlite", databases.CreateConnectionString("sqlite"), seed: 1, replicas: 2, BetweenKills);
        await using var postgres = new KilledProcesses(
            "postgres", databases.CreateConnectionString("postgres"), seed: 2, replicas: 2, BetweenKills);
        var reports = await Task.WhenAll(sqlite.RunAsync(Killing), postgres.RunAsync(Killing));
        Assert.All(reports, report =>
        {
            Assert.True(report.Violations.Count == 0, report.ToString());
            Assert.InRange(report.Cuts, KilledProcesses.FewestKills, int.MaxValue);
            Assert.InRange(report.Slots, KilledProcesses.FewestSlots, long.MaxValue);
        });
    }
}

namespace SafeLoop.EntityFrameworkCore.Tests.Crash;

/// <summary>
/// Processes are cut off from a real database at a drawn point: before or after a statement, or when the answer to a commit is
/// lost. <c>tests/crash.sh</c> takes every point.
/// </summary>
public sealed class KilledOnSqliteTests
{
    [Theory]
    [InlineData(1, 4)]
    [InlineData(3, 2)]
    public async Task Each_slot_has_one_outcome_wherever_hosts_are_killed(int replicas, int seeds)
    {
        await using var databases = new CrashDatabases();
        var campaign = new CrashCampaign(await databases.CreateAsync("sqlite"), replicas);
        for (var seed = 1; seed <= seeds; seed++)
            await campaign.RunDrawnAsync(seed);
        campaign.AssertNothingIsViolated();
    }
}

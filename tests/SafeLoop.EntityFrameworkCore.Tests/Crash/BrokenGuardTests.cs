namespace SafeLoop.EntityFrameworkCore.Tests.Crash;

/// <summary>
/// The same scenarios and the same judge find a guard that is broken on purpose. A judge that cannot fail proves nothing.
/// </summary>
public sealed class BrokenGuardTests
{
    private const int MostSeeds = 20;

    [Theory]
    [InlineData(Broken.ClaimAfterStep, 1, "was skipped and began")]
    [InlineData(Broken.ClaimAfterStep, 3, "began 3 times")]
    [InlineData(Broken.NoUniqueClaim, 3, "began 3 times")]
    [InlineData(Broken.HeartbeatOfClient, 3, "were taken for lost")]
    [InlineData(Broken.LocalPause, 1, "is not paused at the end")]
    [InlineData(Broken.LocalChange, 3, "and not in the store")]
    [InlineData(Broken.ForgottenChange, 1, "is not changed in process")]
    public async Task A_broken_guard_is_found(Broken broken, int replicas, string violation)
    {
        await using var databases = new CrashDatabases();
        var campaign = new CrashCampaign(await databases.CreateAsync("sqlite"), replicas, broken);
        for (var seed = 1; seed <= MostSeeds; seed++)
        {
            var report = await campaign.RunDrawnAsync(seed);
            if (report.Violations.Any(text => text.Contains(violation, StringComparison.Ordinal)))
                return;
        }
        Assert.Fail($"{broken} was not found in {MostSeeds} seeds: {campaign}");
    }

    [Fact]
    public async Task A_commit_that_is_repeated_blindly_is_found()
    {
        await using var databases = new CrashDatabases();
        var database = await databases.CreateAsync("sqlite");
        var (seed, cut) = (0, (Cut?)null);
        while (cut is null && seed++ < MostSeeds)
            cut = await new CrashCampaign(database, replicas: 1, Broken.BlindCommit).FindLostBatchAsync(seed);
        Assert.True(cut is not null, $"It was not found in {MostSeeds} seeds.");

        var guarded = await new CrashCampaign(database, replicas: 1).RunAsync(seed, [cut.Value]);
        Assert.Empty(guarded.Violations);
        Assert.Equal(1, guarded.Cuts);
    }
}

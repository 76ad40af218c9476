namespace SafeLoop.EntityFrameworkCore.Tests.Crash;

/// <inheritdoc cref="KilledOnSqliteTests"/>
[Collection(PostgresCollection.Name)]
public sealed class KilledOnPostgresTests(PostgresCluster cluster)
{
    [Fact]
    public async Task Each_slot_has_one_outcome_wherever_hosts_are_killed()
    {
        await using var server = cluster.CreateDatabase();
        await using var database = await CrashDatabases.CreateAsync(server);
        CrashCampaign[] campaigns = [new(database, replicas: 1), new(database, replicas: 3)];
        for (var seed = 1; seed <= 4; seed++)
            await campaigns[seed % 2].RunDrawnAsync(seed);
        Assert.All(campaigns, campaign => campaign.AssertNothingIsViolated());
    }
}

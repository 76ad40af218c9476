using Nemesis.Driving;

namespace Nemesis;

/// <summary>The same faults and the same checker find what is broken on purpose. A checker that cannot fail proves nothing.</summary>
public class BrokenTests
{
    // Until it is found; a run that finds nothing for so long fails the test.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private const int FewReplicas = 4;

    [Theory]
    [InlineData("postgres")]
    [InlineData("redis")]
    public async Task A_store_that_does_not_check_the_token_is_caught(string store)
    {
        var report = await NemesisRun.RunAsync(store, 19, Patience, Broken.Fencing, replicas: FewReplicas);
        Assert.Contains(report.Violations, violation => violation.StartsWith("A guarded write with a token that is not greater was accepted", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("postgres")]
    [InlineData("redis")]
    public async Task Leases_that_are_not_renewed_are_caught(string store)
    {
        var report = await NemesisRun.RunAsync(store, 19, Patience, Broken.Renewal, replicas: FewReplicas);
        Assert.Contains(report.Violations, violation => violation.StartsWith("i008 did not run again", StringComparison.Ordinal));
    }
}

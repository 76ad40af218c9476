using Nemesis.Driving;
using Nemesis.Judging;

namespace Nemesis;

/// <summary>
/// The same faults and the same checker find what is broken on purpose. A checker that cannot fail proves nothing.
/// </summary>
public class BrokenTests
{
    private const int FewReplicas = 4;

    [Fact]
    public Task A_store_that_does_not_check_the_token_is_caught() =>
        CatchAsync("postgres", Broken.Fencing, "A guarded write with a token that is not greater was accepted");

    [Fact]
    public Task Leases_that_are_not_renewed_are_caught() => CatchAsync("redis", Broken.Renewal, "i008 did not run again");

    private static async Task CatchAsync(string store, Broken broken, string violation)
    {
        var report = await NemesisRun.RunAsync(store, 19, TimeSpan.Zero, broken, replicas: FewReplicas);
        Assert.Contains(report.Violations, found => found.StartsWith(violation, StringComparison.Ordinal));
    }
}

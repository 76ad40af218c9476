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
    public async Task A_store_that_does_not_check_the_token_is_caught()
    {
        const string Violation = "A guarded write with a token that is not greater was accepted";
        foreach (var report in await OnBothAsync(Broken.Fencing))
            Assert.Contains(report.Violations, violation => violation.StartsWith(Violation, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Leases_that_are_not_renewed_are_caught()
    {
        const string Violation = "i008 did not run again";
        foreach (var report in await OnBothAsync(Broken.Renewal))
            Assert.Contains(report.Violations, violation => violation.StartsWith(Violation, StringComparison.Ordinal));
    }

    private static Task<Report[]> OnBothAsync(Broken broken) => Task.WhenAll(
        NemesisRun.RunAsync("postgres", 19, TimeSpan.Zero, broken, replicas: FewReplicas),
        NemesisRun.RunAsync("redis", 19, TimeSpan.Zero, broken, replicas: FewReplicas));
}

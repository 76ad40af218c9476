using ClusterNemesis.Driving;

namespace ClusterNemesis;

/// <summary>
/// The same faults and the same checker find what is broken on purpose. A checker that cannot fail proves nothing.
/// </summary>
public class BrokenTests
{
    [Theory]
    [InlineData("redis", Broken.Lease, "An owner ran on after a later one had written")]
    [InlineData("postgres", Broken.Cas, "A ")]
    public async Task What_is_broken_is_caught(string store, Broken broken, string violation)
    {
        var report = await NemesisRun.RunAsync(store, 5, TimeSpan.Zero, broken);
        Assert.Contains(report.Violations, found => found.StartsWith(violation, StringComparison.Ordinal));
    }
}

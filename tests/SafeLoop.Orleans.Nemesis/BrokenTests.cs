using ClusterNemesis.Driving;

namespace ClusterNemesis;

/// <summary>
/// The same faults and the same checker find what is broken on purpose. A checker that cannot fail proves nothing.
/// </summary>
public class BrokenTests
{
    [Theory]
    [InlineData("redis", Broken.Lease)]
    [InlineData("postgres", Broken.Cas)]
    public async Task What_is_broken_is_caught(string store, Broken broken)
    {
        var report = await NemesisRun.RunAsync(store, 5, TimeSpan.Zero, broken);
        Assert.True(
            report.Violations.Any(found => found.StartsWith("An owner ran on", StringComparison.Ordinal)
                || found.StartsWith("A token was issued to two", StringComparison.Ordinal)
                || found.StartsWith("A slot ran again", StringComparison.Ordinal)),
            report.ToString());
    }
}

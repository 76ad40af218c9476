using ClusterNemesis.Driving;
using Xunit.Abstractions;

namespace ClusterNemesis;

/// <summary>The short nemesis, on one store; that of Redis is broken in the other test. The long one is a program:</summary>
/// <remarks><c>dotnet run -c Release --project tests/SafeLoop.Orleans.Nemesis -- --seconds 1200 --seed 7</c></remarks>
public class NemesisTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task Whatever_fails_no_slot_is_accepted_twice_or_lost_and_every_loop_runs_again()
    {
        var report = await NemesisRun.RunAsync("postgres", seed: 3, Short);
        output.WriteLine(report.ToString());

        Assert.True(report.Violations.Count == 0, report.ToString());
        Assert.True(report.ProvesSomething, "The nemesis was too kind to prove anything: " + report);
    }
}

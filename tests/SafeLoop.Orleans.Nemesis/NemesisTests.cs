using ClusterNemesis.Driving;
using Xunit.Abstractions;

namespace ClusterNemesis;

/// <summary>The short nemesis. The long one is this project as a program:</summary>
/// <remarks><c>dotnet run -c Release --project tests/SafeLoop.Orleans.Nemesis -- --seconds 1200 --seed 7</c></remarks>
public class NemesisTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(15);

    [Theory]
    [InlineData("postgres", 3)]
    [InlineData("redis", 4)]
    public async Task Whatever_fails_no_slot_is_accepted_twice_or_lost_and_every_loop_runs_again(string store, int seed)
    {
        var report = await NemesisRun.RunAsync(store, seed, Short);
        output.WriteLine(report.ToString());

        Assert.True(report.Violations.Count == 0, report.ToString());
        Assert.True(report.ProvesSomething, "The nemesis was too kind to prove anything: " + report);
    }
}

using Nemesis.Driving;
using Xunit.Abstractions;

namespace Nemesis;

/// <summary>The short nemesis. The long one is this project as a program:</summary>
/// <remarks><c>dotnet run -c Release --project tests/SafeLoop.Locks.Nemesis -- --seconds 3600 --seed 7</c></remarks>
public class NemesisTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("postgres", 26)]
    [InlineData("redis", 26)]
    public async Task Whatever_fails_no_two_holders_are_accepted_and_every_task_runs_again(string store, int seed)
    {
        var report = await NemesisRun.RunAsync(store, seed, Short);
        output.WriteLine(report.ToString());

        Assert.True(report.Violations.Count == 0, report.ToString());
        Assert.True(report.ProvesSomething, "The nemesis was too kind to prove anything: " + report);
    }
}

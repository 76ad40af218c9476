using SafeLoop.Locks.Benchmarks;

// Rounds of all contestants in turn, so that whatever else the machine does meets them all; the median round counts. Short
// rounds, because what else it does comes in bursts.
var rounds = args is ["--rounds", var text] ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : 100;
foreach (var backEnd in new[] { await BackEnd.PostgresAsync(), BackEnd.Redis() })
{
    using (backEnd)
    {
        await Comparison.RunAsync(backEnd, TimeSpan.Zero, perRound: 20, rounds);
        await Comparison.RunAsync(backEnd, TimeSpan.FromMilliseconds(20), perRound: 2, rounds);
    }
}

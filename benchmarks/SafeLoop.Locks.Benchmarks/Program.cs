using SafeLoop.Locks.Benchmarks;

// Rounds of all contestants in turn, so that whatever else the machine does meets them all; the median round counts.
var rounds = args is ["--rounds", var text] ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : 15;
foreach (var backEnd in new[] { await BackEnd.PostgresAsync(), BackEnd.Redis() })
{
    using (backEnd)
    {
        await Comparison.RunAsync(backEnd, TimeSpan.Zero, perRound: 200, rounds);
        await Comparison.RunAsync(backEnd, TimeSpan.FromMilliseconds(20), perRound: 20, rounds);
    }
}

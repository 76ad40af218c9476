namespace SafeLoop.Tool.Tests.Watch;

public class TrendTests
{
    [Fact]
    public void A_long_watch_keeps_few_points_evenly_spread()
    {
        var trend = new Trend();
        for (var i = 0; i < 100_000; i++)
            trend.Add(new TrendPoint(DateTimeOffset.UnixEpoch.AddSeconds(i), i, 0, 0));

        Assert.InRange(trend.Points.Count, 300, 600);
        var steps = trend.Points.Zip(trend.Points.Skip(1), (one, next) => next.At - one.At).Distinct();
        Assert.Single(steps);
    }
}

using SafeLoop.Tests.Shards;

namespace SafeLoop.Tests.Ownership;

/// <summary>Finds what a cluster did wrong, from the runs of all hosts in the order in which they began.</summary>
/// <param name="runs">The runs.</param>
/// <param name="period">The seconds from one slot of a key to the next.</param>
internal sealed class Judge(IReadOnlyList<Tick.Run> runs, double period = 5)
{
    /// <summary>The slots that ran more than once.</summary>
    public Tick.Run[] Doubled =>
        [.. runs.GroupBy(static run => (run.Key, run.Slot)).SelectMany(static slot => slot.Skip(1))];

    /// <summary>The slots that ran twice with one token, so that a fence accepts both.</summary>
    public Tick.Run[] Twice =>
        [.. runs.GroupBy(static run => (run.Key, run.Slot, run.Token)).SelectMany(static slot => slot.Skip(1))];

    /// <summary>The runs that began after one with a greater token, so that a fence refuses them.</summary>
    public Tick.Run[] Stale
    {
        get
        {
            var (greatest, stale) = (new Dictionary<int, long>(), new List<Tick.Run>());
            foreach (var run in runs)
            {
                if (run.Token < greatest.GetValueOrDefault(run.Key))
                    stale.Add(run);
                else
                    greatest[run.Key] = run.Token;
            }
            return [.. stale];
        }
    }

    /// <summary>By how many seconds a loop has gone back at most.</summary>
    public double WentBack
    {
        get
        {
            var (latest, most) = (new Dictionary<int, double>(), 0.0);
            foreach (var run in runs)
            {
                var before = latest.GetValueOrDefault(run.Key, run.Second);
                most = Math.Max(most, before - run.Second);
                latest[run.Key] = Math.Max(before, run.Second);
            }
            return most;
        }
    }

    /// <summary>The slots between the first and the last run of a key that never ran, as "key after second".</summary>
    public string[] Lost =>
    [
        .. from key in runs.GroupBy(static run => run.Key, static run => run.Second)
           let slots = key.Distinct().Order().ToArray()
           from pair in slots.Zip(slots.Skip(1))
           where pair.Second - pair.First > period + 0.001
           select $"{key.Key} after {pair.First}",
    ];

    /// <summary>Nothing is lost or doubled, as after planned moves.</summary>
    public void AssertPerfect()
    {
        Assert.NotEmpty(runs);
        Assert.Empty(Lost);
        Assert.Empty(Doubled);
        Assert.Empty(Stale);
    }

    /// <summary>
    /// Nothing is lost, no outcome is accepted twice, and only slots that were due shortly before a fault have run again.
    /// </summary>
    public void AssertRecovered(double faultAt, double interval)
    {
        Assert.NotEmpty(runs);
        Assert.Empty(Lost);
        Assert.Empty(Twice);
        Assert.Empty(Stale);
        Assert.All(Doubled, run => Assert.InRange(run.Second, faultAt - interval, faultAt));
    }
}

namespace SafeLoop.EntityFrameworkCore.Tests.Crash;

/// <summary>Runs many scenarios on one database, and counts.</summary>
internal sealed class CrashCampaign(CrashDatabase database, int replicas, Broken broken = Broken.Nothing)
{
    /// <summary>How many points the first processes of all replicas had.</summary>
    public long Points { get; private set; }

    /// <summary>How many processes were cut off.</summary>
    public long Cuts { get; private set; }

    /// <summary>How many remembered slots were judged.</summary>
    public long Slots { get; private set; }

    /// <summary>How many effects were accepted.</summary>
    public long Effects { get; private set; }

    public int Runs { get; private set; }

    /// <summary>The scenarios with violations.</summary>
    public List<CrashReport> Bad { get; } = [];

    /// <summary>One scenario of a seed, cut at a point that is drawn, and now and then at a second one.</summary>
    public Task<CrashReport> RunDrawnAsync(int seed) => RunAsync(seed, new CrashPlan(seed, replicas).DrawCuts());

    /// <summary>A scenario for each point of the replica that a seed cuts off, which is killed there.</summary>
    /// <remarks>
    /// For the database it is the same whether a process is killed after a statement or before the next one of the transaction.
    /// So it is killed before each statement and commit, and after each commit.
    /// </remarks>
    public async Task RunEveryAsync(int seed)
    {
        var whole = await RunAsync(seed, []);
        var victim = new CrashPlan(seed, replicas).Victim;
        for (var point = 1; point <= whole.Points[victim].Count; point++)
        {
            if (whole.Points[victim][point - 1].Kind is not PointKind.AfterStatement)
                await RunAsync(seed, [new(victim, 1, point, CutKind.Kill)]);
        }
    }

    /// <summary>
    /// Scenarios in which the answer to a batch is lost, and the process lives on: the last batch first, until one is violated.
    /// </summary>
    /// <returns>The cut that violated something; null: none did.</returns>
    public async Task<Cut?> FindLostBatchAsync(int seed)
    {
        var whole = await RunAsync(seed, []);
        var victim = new CrashPlan(seed, replicas).Victim;
        foreach (var (number, point) in whole.Points[victim].Index().Reverse())
        {
            if (point is not { Call: nameof(IRecurringTaskStore.SaveAsync), Kind: PointKind.AfterCommit })
                continue;
            var cut = new Cut(victim, 1, number + 1, CutKind.LoseAnswer);
            if ((await RunAsync(seed, [cut])).Violations.Count > 0)
                return cut;
        }
        return null;
    }

    public async Task<CrashReport> RunAsync(int seed, IReadOnlyList<Cut> cuts)
    {
        var report = await new CrashRun(new(seed, replicas), database, cuts, broken).RunAsync();
        Runs++;
        Cuts += report.Cuts;
        Slots += report.Slots;
        Effects += report.Effects;
        Points += report.Points.Sum(points => points.Count);
        if (report.Violations.Count > 0)
            Bad.Add(report);
        return report;
    }

    public void AssertNothingIsViolated() =>
        Assert.True(Bad.Count == 0, string.Join(Environment.NewLine, [ToString(), .. Bad]));

    public override string ToString() =>
        $"{replicas} replica(s): {Runs} runs, {Points} points, {Cuts} cuts, {Slots} slots, {Effects} effects, "
        + $"{Bad.Count} runs with violations";
}

using SafeLoop.Cluster.Nodes;

namespace SafeLoop.Cluster.Running;

/// <summary>Measures all that was asked for, so often as was asked for.</summary>
internal sealed class Suite(ClusterOptions options, ResultBook book)
{
    private const int KeysOfLargeShard = 1000;

    private bool MeasuresCost => options.Parts.Contains(ClusterArguments.Cost);

    public async Task RunAsync()
    {
        for (var run = 1; run <= options.Runs; run++)
        {
            if (MeasuresCost)
                await MeasureCostAsync();
            await MeasureFaultsAsync();
        }
    }

    // The cost of a cluster with the shards that were asked for is measured before its faults.
    private async Task MeasureCostAsync()
    {
        Note(await SteadyResult.MeasureAsync(SteadyResult.One, NodeKind.OneProcess, options));
        await using (var session = await Session.StartAsync(options.Keys, options.Shards))
        {
            await session.AddAsync(NodeKind.IdleSilo, ClusterOptions.Silos);
            Note(await SteadyResult.MeasureAsync(SteadyResult.Idle, session, options.Window));
        }
        await using (var session = await Session.StartAsync(options.Keys, Math.Max(1, options.Keys / KeysOfLargeShard)))
        {
            await session.PrepareAsync(ClusterOptions.Silos);
            Note(await SteadyResult.MeasureAsync(
                SteadyResult.LargeShards, session, options.Window, SteadyResult.Rest));
        }
        Note(await SteadyResult.MeasureAsync(SteadyResult.Grains, NodeKind.Grains, options));
    }

    private async Task MeasureFaultsAsync()
    {
        Session? session = null;
        try
        {
            session = await Session.StartAsync(options.Keys, options.Shards);
            if (MeasuresCost)
            {
                await session.PrepareAsync(ClusterOptions.Silos);
                Note(await SteadyResult.MeasureAsync(SteadyResult.Cluster, session, options.Window));
                await session.WaitForSlotAsync(session.Slot + 1); // reading the heap has stopped the loops
            }
            foreach (var fault in Fault.All.Where(fault => options.Parts.Contains(fault.Id)))
            {
                if (!FaultResult.HasRoom(session))
                {
                    await session.DisposeAsync();
                    session = await Session.StartAsync(options.Keys, options.Shards);
                }
                Note(await FaultResult.MeasureAsync(session, fault, options.Shards));
            }
        }
        finally
        {
            if (session is not null)
                await session.DisposeAsync();
        }
    }

    private void Note(FaultResult result)
    {
        book.Add(result);
        Console.Error.WriteLine(result);
    }

    private void Note(SteadyResult result)
    {
        book.Add(result);
        Console.Error.WriteLine(result);
    }
}

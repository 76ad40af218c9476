using ClusterSample;

namespace SafeLoop.Cluster.Nodes;

/// <summary>Does the work of <see cref="UpdateDevice"/> with a timer of Orleans, which knows no slots.</summary>
internal sealed class DeviceGrain(RunFile runs) : Grain, IDeviceGrain
{
    public Task StartAsync()
    {
        var key = (int)this.GetPrimaryKeyLong();
        var phase = UpdateDevice.Period * (StableHash.Compute(key.ToString()) / (double)ulong.MaxValue);
        this.RegisterGrainTimer(
            static (grain, _) => grain.Run(), this, new() { DueTime = phase, Period = UpdateDevice.Period, KeepAlive = true });
        return Task.CompletedTask;
    }

    private Task Run()
    {
        runs.Note((int)this.GetPrimaryKeyLong(), TimeProvider.System.GetUtcNow());
        return Task.CompletedTask;
    }
}

namespace Targets.Leaks;

/// <summary>When its frames exist, it collects continuously, in addition to collections that others request.</summary>
internal sealed class Collecting : ITarget
{
    public Task RunAsync(Work work)
    {
        new Thread(() =>
        {
            SpinWait.SpinUntil(() => work.HasTakenAll);
            while (true)
            {
                GC.Collect();
                Thread.Sleep(1); // others have their turn, too
            }
        }) { IsBackground = true }.Start();
        return new SelfAwait().RunAsync(work);
    }
}

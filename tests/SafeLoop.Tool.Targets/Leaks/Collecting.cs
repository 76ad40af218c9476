namespace Targets.Leaks;

/// <summary>Once its frames stand, it collects all the time, beside whoever else wants a collection.</summary>
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

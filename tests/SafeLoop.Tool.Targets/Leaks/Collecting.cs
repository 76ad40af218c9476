namespace Targets.Leaks;

/// <summary>It collects all the time, beside whoever else wants a collection.</summary>
internal sealed class Collecting : ITarget
{
    public Task RunAsync(Work work)
    {
        new Thread(() =>
        {
            while (true)
            {
                GC.Collect();
                Thread.SpinWait(1_000); // others have their turn, too
            }
        }) { IsBackground = true }.Start();
        return new SelfAwait().RunAsync(work);
    }
}

namespace Targets.Leaks;

internal sealed class Continuations : ITarget
{
    public Task RunAsync(Work work) => Poll(work);

    private static Task Poll(Work work) =>
        work.StepAsync().ContinueWith(_ => Poll(work), TaskScheduler.Default).Unwrap(); // recurs
}

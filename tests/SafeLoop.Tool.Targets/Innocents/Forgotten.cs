namespace Targets.Innocents;

/// <summary>A chain that nothing holds any more: garbage that no collection has come for yet.</summary>
internal sealed class Forgotten : ITarget
{
    public Task RunAsync(Work work)
    {
        Task tail = new TaskCompletionSource().Task;
        for (var i = 0; i < work.Count; i++)
            tail = AfterAsync(tail);
        Work.Ready();
        return Task.CompletedTask;
    }

    private static async Task AfterAsync(Task earlier) => await earlier;
}

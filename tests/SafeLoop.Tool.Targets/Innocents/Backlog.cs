namespace Targets.Innocents;

/// <summary>Work queued behind work: linked head to tail, but no method awaits itself.</summary>
internal sealed class Backlog : ITarget
{
    private readonly TaskCompletionSource _first = new();

    public Task RunAsync(Work work)
    {
        Task tail = _first.Task;
        for (var i = 0; i < work.Count; i++)
            tail = AfterAsync(tail);
        Work.Ready();
        return tail;
    }

    private static async Task AfterAsync(Task earlier) => await earlier;
}

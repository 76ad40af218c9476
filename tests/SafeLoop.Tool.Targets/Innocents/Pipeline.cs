namespace Targets.Innocents;

/// <summary>Ordinary work: many requests in flight, each a few methods deep.</summary>
internal sealed class Pipeline : ITarget
{
    public Task RunAsync(Work work)
    {
        var requests = Task.WhenAll(Enumerable.Range(0, work.Count).Select(_ => HandleAsync(new TaskCompletionSource())));
        Work.Ready();
        return requests;
    }

    private static async Task HandleAsync(TaskCompletionSource answered) => await LoadAsync(answered);

    private static async Task LoadAsync(TaskCompletionSource answered) => await QueryAsync(answered);

    private static async Task QueryAsync(TaskCompletionSource answered) => await answered.Task;
}

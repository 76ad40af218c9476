namespace Targets.Innocents;

/// <summary>Ordinary work: many requests in flight, each a few methods deep.</summary>
internal sealed class Pipeline : ITarget
{
    /// <summary>Referenced as by a caller that will complete it. Otherwise it would be garbage.</summary>
    private TaskCompletionSource[] _answers = [];

    public Task RunAsync(Work work)
    {
        _answers = [.. Enumerable.Range(0, work.Count).Select(_ => new TaskCompletionSource())];
        var requests = Task.WhenAll(_answers.Select(HandleAsync));
        Work.Ready();
        return requests;
    }

    private static async Task HandleAsync(TaskCompletionSource answered) => await LoadAsync(answered);

    private static async Task LoadAsync(TaskCompletionSource answered) => await QueryAsync(answered);

    private static async Task QueryAsync(TaskCompletionSource answered) => await answered.Task;
}

namespace SafeLoop.Aot;

/// <summary>A service that tasks need, and by which the program sees that they have run.</summary>
internal sealed class Signal
{
    private readonly TaskCompletionSource _set = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task IsSet => _set.Task;

    public ValueTask SetAsync()
    {
        _set.TrySetResult();
        return ValueTask.CompletedTask;
    }
}

namespace SafeLoop.Tool.Tests.Source;

/// <summary>Methods that come back to themselves, and methods that only seem to. Never run: their IL is read.</summary>
internal sealed class Recursions : Recursions.IJob
{
    private readonly Func<Task> _field;
    private readonly IJob _job;

    public Recursions(IJob job)
    {
        _job = job;
        _field = FieldAsync;
    }

    internal interface IJob
    {
        Task InterfaceAsync();
    }

    public async Task DirectAsync()
    {
        await Task.Yield();
        await DirectAsync();
    }

    public async Task RunAsync()
    {
        await Task.Yield();
        await Task.Run(() => RunAsync());
    }

    public async Task LocalAsync()
    {
        await NextAsync();

        async Task NextAsync()
        {
            await Task.Yield();
            await LocalAsync();
        }
    }

    public async Task FieldAsync()
    {
        await Task.Yield();
        await _field();
    }

    public async Task InterfaceAsync()
    {
        await Task.Yield();
        await _job.InterfaceAsync();
    }

    public async Task<T> GenericAsync<T>(T item)
    {
        await Task.Yield();
        return await GenericAsync(item);
    }

    public async Task DiscardedAsync()
    {
        await Task.Yield();
        _ = DiscardedAsync();
    }

    public async Task DiscardedRunAsync()
    {
        await Task.Yield();
        _ = Task.Run(() => DiscardedRunAsync());
    }

    public async Task ThroughVoidAsync()
    {
        await Task.Yield();
        Enqueue();
    }

    public async Task LoopAsync()
    {
        while (true)
            await OtherAsync();
    }

    public async Task OtherAsync() => await Task.Yield();

    private void Enqueue() => Task.Run(ThroughVoidAsync);
}

namespace SafeLoop.Tool.Tests.Source;

/// <summary>Methods that come back to themselves, and methods that only seem to. Never run: their IL is read.</summary>
internal sealed class Recursions
    : Inherited, Recursions.IJob, Recursions.IPing, Recursions.IPong, Recursions.IHandler<int, string>
{
    private static Task? _latest;

    private readonly Func<Task> _field;
    private readonly IJob _job;
    private readonly IPing? _ping = null;
    private readonly IPong? _pong = null;
    private Task? _later;

    public Recursions(IJob job)
    {
        _job = job;
        _field = FieldAsync;
    }

    internal interface IJob
    {
        Task InterfaceAsync();
    }

    internal interface IPing
    {
        Task PingAsync();
    }

    internal interface IPong
    {
        Task PongAsync();
    }

    internal interface IHandler<TIn, TOut>
    {
        Task HandleAsync();
    }

    public override async Task InheritedAsync()
    {
        await Task.Yield();
        await ((Inherited.IInherited)this).InheritedAsync();
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

    public async Task LocalOfItsOwnAsync()
    {
        var next = LocalOfItsOwnAsync();
        await Task.Yield();
        await next;
    }

    public async Task PutAwayAsync()
    {
        await Task.Yield();
        _later = PutAwayAsync();
    }

    public async Task PutAwayForAllAsync()
    {
        await Task.Yield();
        _latest = PutAwayForAllAsync();
    }

    public async Task OneAsync() => await TwoAsync();

    public async Task TwoAsync() => await ThreeAsync();

    public async Task ThreeAsync() => await FourAsync();

    public async Task FourAsync() => await FiveAsync();

    public async Task FiveAsync() => await SixAsync();

    public async Task SixAsync() => await SevenAsync();

    public async Task SevenAsync() => await OneAsync();

    public async Task PingAsync() => await _pong!.PongAsync();

    public async Task PongAsync() => await _ping!.PingAsync();

    async Task IHandler<int, string>.HandleAsync() => await Task.Yield();

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

namespace SafeLoop.Tool;

/// <summary>Recognises known shapes by the types on an owner's path. The first that fits is the most special one.</summary>
internal static class OwnerShapes
{
    private static readonly (Func<OwnerWay, bool> Fits, OwnerShape Shape)[] Known =
    [
        (way => way.Leads("CallbackNode", "Linked1CancellationTokenSource")
            || way.Leads("CallbackNode", "Linked2CancellationTokenSource")
            || way.Leads("CallbackNode", "LinkedNCancellationTokenSource"), new(
            "linked token sources never disposed",
            "Each linked CancellationTokenSource stays registered with the token it is linked to until it is disposed.",
            "using var linked = CancellationTokenSource.CreateLinkedTokenSource(stopping);")),
        (way => way.Leads("CancellationTokenSource", "CallbackNode"), new(
            "registrations with a cancellation token never disposed",
            "CancellationToken.Register keeps the callback, and all it captures, until the registration is disposed.",
            "using var registration = token.Register(…);   // or registration.Dispose() when the work is done")),
        (way => way.Leads("TimerQueueTimer", "DelayPromise"), new(
            "pending delays",
            "Each pending Task.Delay keeps what waits for it, and its execution context with the values of all AsyncLocals.",
            "Cancel the delay when its work is done: Task.Delay(period, token).\n"
            + "Where it outlives the request, start it with a clean context: using (ExecutionContext.SuppressFlow()) …")),
        (way => way.Leads("ExecutionContext", "*AsyncLocalValueMap") || way.Leads("ExecutionContext", "IAsyncLocal[]"), new(
            "AsyncLocal values that grow",
            "The values of AsyncLocals flow into everything that is started and live as long as the last of it.",
            "Set the AsyncLocal back to its old value in a finally, and do not let a value refer to the one before it.")),
        (way => way.Leads("TimerQueueTimer"), new(
            "timers never disposed",
            "The runtime holds every timer that is due one day, and with it the callback and its state.",
            "Dispose the timer with its owner: using var timer = new PeriodicTimer(period), or timer.Dispose() in Dispose.")),
        (way => way.IsMulticast(), new(
            "event handlers on a long-lived publisher",
            "The event holds each handler, and the handler the object it belongs to, until it is removed.",
            "publisher.Changed -= OnChanged when the subscriber is done (in Dispose), or a weak event.")),
        (way => way.HasManyOf(".AsyncActivationContents"), new(
            "an F# async that waits for itself",
            "do! of the same async keeps each run until the next has ended, which it never does.",
            "return! instead of do! as its last step, or a loop: while true do … do! step ()")),
        (way => way.Leads("SubjectDisposable") || way.Leads("Subject", "*Observer*"), new(
            "subscriptions never disposed",
            "The subject holds each observer until its subscription is disposed.",
            "Keep what Subscribe returns and dispose it: subscription.DisposeWith(…) or using.")),
        (way => way.HasManyOf("System.Reactive.Linq.ObservableImpl."), new(
            "an Rx sequence that subscribes to itself",
            "Each Concat, SelectMany or Defer that leads back to its own sequence keeps the subscription before it.",
            "Observable.FromAsync(step).Repeat(), or .Delay(period).Repeat(): it subscribes again once the last one has ended.")),
        (way => way.Leads("HttpConnectionPool*") || way.Leads("HttpConnection") || way.Leads("HttpClient")
            || way.Leads("SocketsHttpHandler") || way.Leads("HttpClientHandler"), new(
            "an HttpClient for each call",
            "Each HttpClient with a handler of its own has its own pool of connections.",
            "Use one HttpClient for all calls, or IHttpClientFactory.")),
        (way => way.Holds("StateManager") && way.Holds("DbContextServices"), new(
            "a DbContext for each call, never disposed",
            "A DbContext keeps its services and every entity it has loaded until it is disposed.",
            "await using var db = await factory.CreateDbContextAsync();   // IDbContextFactory<T>, or a scope for each call")),
        (way => way.Leads("InternalEntityEntry") || way.Leads("StateManager") || way.Leads("DbContext"), new(
            "a DbContext that lives too long",
            "A DbContext tracks every entity it has loaded until it is disposed.",
            "One DbContext for each unit of work: IDbContextFactory<T> and using, or AsNoTracking() for what is only read.")),
        (way => way.Leads("ServiceProviderEngineScope", "List"), new(
            "disposable services resolved from the root provider",
            "A provider holds each disposable transient it has created. The root provider lives as long as the program.",
            "Resolve them from a scope: using var scope = services.CreateScope();")),
        (way => way.Leads("SharedArrayPool*"), new(
            "buffers kept by the array pool",
            "ArrayPool<T>.Shared keeps returned arrays for the next rent, for each thread and size.",
            "Rent smaller buffers, or use ArrayPool<T>.Create with limits of your own for very large ones.\n"
            + "The runtime trims the shared pool when memory is short.")),
        (way => way.IsLinkedClosures(), new(
            "closures linked to closures",
            "Each closure captures the one before it, so that none of them can go.",
            "Do not capture the last delegate or task in the next one: keep what is needed in a field and loop.")),
        (way => way.Root == RootNames.Finalizer, new(
            "a backlog of finalizers",
            "These objects wait for their finalizer. They are produced faster than the finalizer thread runs, or it is blocked.",
            "Dispose them, with GC.SuppressFinalize(this) in Dispose; look at what the finalizer thread waits for.")),
        (way => way.Root == RootNames.Of(new HeapRoot(-1, RootKind.Handle)) && way.IsMany(0), new(
            "GC handles never freed",
            "A GCHandle keeps its object alive until it is freed.",
            "handle.Free() in a finally, or in Dispose of its owner.")),
        (way => way.Leads("*Channel") || way.Leads("ConcurrentQueue") || way.Leads("Queue") || way.Leads("BlockingCollection"),
            new(
            "a queue that is not emptied",
            "More is written than is read, or the reader has ended.",
            "Bound it (Channel.CreateBounded, BoundedChannelOptions.FullMode) and see whether the reader is alive.")),
        (way => way.IsStatic && way.Leads("*Dictionary") || way.IsStatic
            && (way.Leads("List") || way.Leads("HashSet") || way.Leads("ConcurrentBag") || way.Leads("MemoryCache")), new(
            "a static collection",
            "A static field lives as long as the program, and so does whatever is added and never removed.",
            "Bound it: remove what is done, or use a MemoryCache with a SizeLimit and an expiration.")),
        (way => way.IsLargeArrays, new(
            "large arrays",
            "Arrays of 85,000 bytes and more are collected only with the oldest generation, and their place is not compacted.",
            "Rent them from an ArrayPool<T> and return them, or work in pieces (Stream, Pipe, RecyclableMemoryStream).")),
    ];

    /// <param name="owner">The owner.</param>
    /// <param name="path">The nodes of its path.</param>
    /// <returns>Null when it has none of them.</returns>
    public static OwnerShape? Of(Owner owner, IReadOnlyList<OwnerNode> path)
    {
        var way = new OwnerWay(owner, path);
        return Known.FirstOrDefault(known => known.Fits(way)).Shape;
    }
}

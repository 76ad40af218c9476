using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.UserCode;

/// <summary>A host with one task, or one key, whose user code is hostile at one point.</summary>
internal sealed class Scene : IDisposable
{
    public const string Ordinary = "a task", Parked = "a key", Pinned = "a key with a handle";

    private readonly Point _point;
    private readonly Hostile _hostile = new();
    private readonly string _kind;
    private readonly List<IDisposable> _owned = [];
    private volatile bool _isArmed;

    public Scene(Point point, string kind)
    {
        (_point, _kind) = (point, kind);
        Host = ThreadedLoopHost.Run(services =>
        {
            services.AddSingleton(this).AddHealthChecks().AddRecurringTasks();
            point.Services(services, this);
            var keyed = services.AddRecurringTask<Visit, Key>(kind is Ordinary ? "keyed" : Name).Concurrency(100);
            if (kind is Ordinary)
                keyed.Every(1000.Seconds);
            else
                point.Task(keyed, this);
        });
        Key = point.Key(this);
        point.Prepare(this);
        if (IsPinned)
            Pin();
        _hostile.Arm(new EveryCall(this));
        _isArmed = true;
        if (kind is Ordinary)
            Host.Tasks.Add(Name, task => point.Task(task.Step("step", RunAsync), this));
        else if (kind is Parked)
            Keys.TryAdd(Key);
        point.Provoke(this);
    }

    public ThreadedLoopHost Host { get; }

    /// <summary>The name of the task. Listeners of traces hear all hosts of the process.</summary>
    public string Name { get; } = $"scene {Guid.NewGuid():N}";

    public Key Key { get; }

    public IRecurringTaskKeys<Visit, Key> Keys => Host.Services.GetRequiredService<IRecurringTaskKeys<Visit, Key>>();

    public IConfigurationRoot Configuration => (IConfigurationRoot)Host.Services.GetRequiredService<IConfiguration>();

    /// <summary>The handle of the task or of the key.</summary>
    public RecurringTaskHandle Handle => FindHandle() ?? throw new InvalidOperationException("It has no handle.");

    public bool HoldsHost => _point.HoldsHost;

    /// <summary>Set by a step or a check that has begun, and by <see cref="ReloadChanged"/>.</summary>
    public ManualResetEventSlim Started { get; } = new();

    /// <summary>Set when the code has reached a second place, such as its cancellation.</summary>
    public ManualResetEventSlim Reached { get; } = new();

    /// <summary>What a step awaits that ignores its token.</summary>
    public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>True when the code is hostile. A key with a handle has had its first iteration before.</summary>
    public bool IsArmed => _isArmed;

    /// <summary>True when the scene has a key with a handle.</summary>
    public bool IsPinned => _kind is Pinned;

    public bool HasActed => _hostile.HasActed;

    /// <summary>The hostile code.</summary>
    public void Act() => _hostile.Act();

    /// <summary>Runs the loop of a key with a handle, which has had its first iteration before.</summary>
    public void RunAgain()
    {
        if (IsPinned)
            _ = Handle.RunNowAsync();
    }

    /// <summary>Reloads the configuration. Options that depend on <see cref="Started"/> are different now.</summary>
    public void ReloadChanged()
    {
        Started.Set();
        Configuration.Reload();
    }

    public ValueTask RunAsync(Iteration iteration, CancellationToken cancellationToken) =>
        _isArmed ? _point.Step(this, iteration, cancellationToken) : default;

    /// <summary>Removes the task or the key.</summary>
    public void Remove() => _ = _kind is Ordinary ? Host.Tasks.Remove(Name) : Keys.TryRemove(new(Key.Name));

    public RecurringTaskHandle? FindHandle() => _kind is Ordinary ? Host.Tasks.Find(Name) : Keys.Find(new(Key.Name));

    /// <summary>What did not answer; null when everything did.</summary>
    public string? Wait() => _hostile.Wait();

    /// <summary>Disposes it with the scene.</summary>
    public T Own<T>(T listener) where T : IDisposable
    {
        _owned.Add(listener);
        return listener;
    }

    public void Dispose()
    {
        Gate.TrySetResult();
        Host.Dispose();
        _owned.ForEach(static listener => listener.Dispose());
    }

    /// <summary>
    /// Lets time pass in steps, because the alarm that is waited for may be set on another thread after the last step.
    /// </summary>
    public void AdvanceUntil(TimeSpan step, Func<bool> condition) => Assert.True(SpinWait.SpinUntil(
        () =>
        {
            Host.Advance(step);
            return condition();
        },
        ThreadedLoopHost.Patience));

    /// <summary>Waits until the first iteration has ended.</summary>
    public void WaitForFirst() => Assert.True(SpinWait.SpinUntil(
        () => Handle.Snapshot() is { Running: 0, LastOutcome: not null }, ThreadedLoopHost.Patience));

    // In its first iteration it has no handle yet.
    private void Pin()
    {
        Keys.TryAdd(Key);
        if (_point.RunsAtStart)
            WaitForFirst();
        _ = Handle.Completion;
    }
}

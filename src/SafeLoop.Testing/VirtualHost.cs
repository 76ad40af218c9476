using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace SafeLoop.Testing;

/// <summary>
/// A host in virtual time, for tests that are instant and complete: time passes when the test says so,
/// and then everything that is due has run.
/// </summary>
/// <remarks>
/// <para>
/// All loops run on one thread of the host, in the order of their slots, and wall clock, timers and time limits stand still
/// between advances. Steps that await the host's <see cref="TimeProvider"/> (<c>Task.Delay</c>, <c>PeriodicTimer</c>, a
/// <c>CancellationTokenSource</c> with it) are followed, also into the thread pool. One that waits for something real is waited
/// for, at most <see cref="RealTimeLimit"/>.
/// </para>
/// <example>
/// <code>
/// await using var host = await VirtualHost.StartAsync(builder =&gt; builder.Services
///     .AddRecurringTask("prices", (iteration, ct) =&gt; LoadAsync(ct)).Every(TimeSpan.FromMinutes(1)));
///
/// await host.AdvanceAsync(TimeSpan.FromHours(1));
///
/// Assert.Equal(61, host.Outcomes("prices").Count(outcome =&gt; outcome == IterationOutcome.Succeeded));
/// </code>
/// </example>
/// </remarks>
/// <threadsafety>For one test at a time: await each advance before the next call.</threadsafety>
public sealed class VirtualHost : IAsyncDisposable
{
    private static readonly TimeSpan LongestRun = TimeSpan.FromDays(1);

    private readonly IHost? _host;
    private readonly Action<HostApplicationBuilder>? _configure;
    private bool _hasCrashed;
    private readonly VirtualTime _time;
    private readonly RecurringTasks _book;

    private VirtualHost(IServiceProvider services, IHost? host, Action<HostApplicationBuilder>? configure = null)
    {
        _configure = configure;
        _time = services.GetService<VirtualTime>()
            ?? throw new InvalidOperationException("This host does not live in virtual time. "
                + "Call services.AddVirtualTime() where its services are registered.");
        (_host, Services, _book) = (host, services, services.GetRequiredService<RecurringTasks>());
    }

    /// <summary>The services of the host.</summary>
    public IServiceProvider Services { get; }

    /// <summary>The recurring tasks of the host.</summary>
    public IRecurringTasks Tasks => _book;

    /// <summary>Makes chosen iterations fail, hang or be cancelled.</summary>
    public FaultInjector Faults => _time.Faults;

    /// <summary>Records the events since the host started.</summary>
    public RecordingObserver Observer => _time.Observer;

    /// <summary>
    /// What the wall clock shows. Setting it is like setting the clock of the machine: no time passes, and
    /// intervals are not affected.
    /// </summary>
    public DateTimeOffset Now
    {
        get => _time.Clock.GetUtcNow();
        set => _time.SetWallClock(value);
    }

    /// <summary>How long, in real time, a step that waits for nothing virtual is waited for.</summary>
    /// <remarks>
    /// When it is over, time goes on if a time limit may still end the step, and <see cref="AdvanceAsync"/> throws if not.
    /// Raise it for steps with real work to do, and lower it for a step that is meant to hang until its time limit. There
    /// is no limit while a debugger is attached.
    /// </remarks>
    /// <value>More than zero. The default is 5 seconds.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not more than zero.</exception>
    public TimeSpan RealTimeLimit
    {
        get => _time.Thread.RealTimeLimit;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero);
            _time.Thread.RealTimeLimit = value;
        }
    }

    /// <summary>The task of this name.</summary>
    /// <param name="task">The name; capitals do not matter.</param>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public RecurringTaskHandle this[string task] => Tasks[task];

    /// <summary>Starts a host of its own, empty but for what is configured, and runs what is due at once.</summary>
    /// <param name="configure">Registers tasks and what they need, and settings where wanted.</param>
    /// <param name="start">What the wall clock shows at first; null: the beginning of 2026, UTC.</param>
    /// <param name="faults">Faults for iterations that run at once.</param>
    /// <returns>The host; dispose of it.</returns>
    /// <exception cref="InvalidRecurringTaskException">A registration is wrong.</exception>
    /// <exception cref="KeyNotFoundException">A fault is for a task that does not exist.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="configure"/> is null.</exception>
    public static async Task<VirtualHost> StartAsync(
        Action<HostApplicationBuilder> configure, DateTimeOffset? start = null, Action<FaultInjector>? faults = null)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var builder = Host.CreateEmptyApplicationBuilder(new());
        configure(builder);
        builder.Services.AddVirtualTime(start);
        var host = builder.Build();
        var virtualHost = new VirtualHost(host.Services, host, configure);
        try
        {
            faults?.Invoke(virtualHost.Faults);
            await host.StartAsync().ConfigureAwait(false);
            await virtualHost.AdvanceAsync(TimeSpan.Zero).ConfigureAwait(false);
            return virtualHost;
        }
        catch
        {
            await virtualHost.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Creates a virtual host over a host of your own, or of a <c>WebApplicationFactory</c>, for which <c>AddVirtualTime</c> was
    /// called.
    /// </summary>
    /// <param name="services">The services of that host.</param>
    /// <returns>
    /// Advances the time of the host and reads its outcomes. It neither starts, stops nor disposes of the host itself.
    /// </returns>
    /// <exception cref="InvalidOperationException"><c>AddVirtualTime</c> was not called.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    public static VirtualHost FromServices(IServiceProvider services)
    {
        ArgumentNullException.ThrowIfNull(services);
        return new(services, null);
    }

    /// <summary>How slots ended so far, in order; slots that were skipped together are one.</summary>
    /// <param name="task">Of this task only; null: of all.</param>
    /// <param name="key">Of a keyed task, of this key only; null: of all.</param>
    /// <exception cref="KeyNotFoundException">No task has, or had, this name.</exception>
    /// <exception cref="ArgumentException">
    /// The task has no keys, or keys of another type than <paramref name="key"/>. A key that does not exist yet has no outcomes.
    /// </exception>
    public IReadOnlyList<IterationOutcome> Outcomes(string? task = null, object? key = null)
    {
        var records = Observer.Records(task, key);
        if (records.Count == 0)
        {
            if (task is not null)
                _book.ThrowIfUnknown(task);
            KeyTypes.Expect(_book, task, key);
        }
        return [.. records.Select(record => record.Outcome)];
    }

    /// <summary>
    /// Time passes. Everything that comes due within the span runs, each at its time and in order, and
    /// every loop is parked again when this ends.
    /// </summary>
    /// <param name="span">Zero: what is due already runs.</param>
    /// <exception cref="TimeoutException">A step waits for something that is not virtual time, or blocks; the message names it.
    /// The host can be used further.</exception>
    /// <exception cref="InvalidOperationException">A loop would have gone on for ever without time passing and was
    /// stopped; or time is passing already.</exception>
    /// <exception cref="KeyNotFoundException">A fault is for a task that does not exist.</exception>
    /// <exception cref="ArgumentException">A fault is for a key of a type that its task does not have.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="span"/> is negative, or ends
    /// after the year 9999.</exception>
    public Task AdvanceAsync(TimeSpan span) => MoveAsync(span);

    /// <summary>
    /// The process sleeps, as a suspended machine or one without a CPU to spare does: time passes, nothing runs, and
    /// then everything looks at the clock at once.
    /// </summary>
    /// <param name="span">How long.</param>
    /// <inheritdoc cref="AdvanceAsync" path="/exception"/>
    public Task SleepAsync(TimeSpan span) => MoveAsync(span, atOnce: true);

    /// <summary>
    /// Runs one iteration now, beside the schedule, and lets time pass as far as its step needs it, at most a day.
    /// </summary>
    /// <param name="task">The name of the task; capitals do not matter.</param>
    /// <returns>How it ended. Obeys lock and overlap, like <see cref="RecurringTaskHandle.RunNowAsync"/>.</returns>
    /// <exception cref="TimeoutException">It did not end.</exception>
    /// <exception cref="KeyNotFoundException">There is no such task.</exception>
    /// <exception cref="InvalidOperationException">
    /// The task is keyed: await the run of a handle of one key while time advances.
    /// </exception>
    public async Task<IterationRecord> RunOnceAsync(string task)
    {
        var (run, handle) = (new ManualRun(), Tasks[task]);
        if (_book.FindEntered(task) is KeyedLoops keyed)
        {
            throw new InvalidOperationException(
                $"Recurring task '{keyed.Name}' has a loop per key, and RunOnceAsync runs a task with one loop. "
                + $"Get IRecurringTaskKeys<TTask, {keyed.KeyType.Name}> from host.Services, call RunNowAsync on the handle of "
                + "Find(key), then AdvanceAsync, and await the run.");
        }
        if (!handle.OwnLoop!.Loop.Control.TryRun(run))
            return await handle.RunNowAsync().ConfigureAwait(false); // its record or exception says why not

        await MoveAsync(LongestRun, until: run.Task).ConfigureAwait(false);
        return run.Task.IsCompleted
            ? await run.Task.ConfigureAwait(false)
            : throw new TimeoutException(
                $"Recurring task '{task}': the iteration has not ended within {LongestRun.TotalHours:0} hours of virtual time.");
    }

    /// <summary>
    /// Ends the host as <c>kill -9</c> ends a process, and starts another with the same registrations some time later.
    /// </summary>
    /// <param name="after">How long no host is running.</param>
    /// <returns>The new host; dispose of it.</returns>
    /// <remarks>
    /// <para>
    /// The old host runs nothing any more, and its store gets no further call. Use a store that outlives it, such as a SQLite
    /// file, to see what the new host catches up. The time of the store is that of the new host.
    /// </para>
    /// <para>Code of a step that has left the host's thread, and objects that both hosts share, are not ended.</para>
    /// </remarks>
    /// <exception cref="InvalidOperationException">
    /// The host was started elsewhere, has crashed already, or time is passing.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="after"/> is negative.</exception>
    public Task<VirtualHost> CrashAndRestartAsync(TimeSpan after = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(after, TimeSpan.Zero);
        if (_configure is null)
            throw new InvalidOperationException("This host was started elsewhere, so it cannot be started again here.");
        if (_hasCrashed)
            throw new InvalidOperationException("This host has crashed already. Restart the host that followed it.");
        _time.Thread.Kill();
        Services.GetRequiredService<StoreAccess>().Session?.Abandon();
        _hasCrashed = true;
        return StartAsync(_configure, Now + after);
    }

    /// <summary>Stops the host. Iterations that drain need time: advance before you await it.</summary>
    /// <returns>A task that ends when the host has stopped.</returns>
    /// <exception cref="InvalidOperationException">The host was started elsewhere.</exception>
    public Task StopAsync() =>
        (_host ?? throw new InvalidOperationException("This host was started elsewhere. Stop it there.")).StopAsync();

    /// <summary>Stops the host at once, unless it was started elsewhere.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_host is null || _hasCrashed) // a dead process disposes of nothing
            return;
        await _host.StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_host is IAsyncDisposable host)
            await host.DisposeAsync().ConfigureAwait(false);
    }

    private async Task MoveAsync(TimeSpan span, bool atOnce = false, Task? until = null)
    {
        Faults.Expect(_book);
        await _time.Thread.MoveAsync(span, atOnce, until).ConfigureAwait(false);
    }
}

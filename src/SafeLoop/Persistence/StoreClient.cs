using SafeLoop.Storage;

namespace SafeLoop;

/// <summary>Calls the store, with a time limit, and reports when it fails and when it works again.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class StoreClient(IRecurringTaskStore store, TimeProvider time, LoopObservers observers, string application)
{
    // Longer than a database needs for a failover of its own, shorter than the time after which this host is marked as lost.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    // For a store that ignores its token. What it does later does no harm: each call may be repeated, also while it runs.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan BetweenReports = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _never = new();
    private long? _reportedAt;
    private volatile bool _isAbandoned;
    private volatile bool _hasAnswered; // since the last failure
    private int _ended;

    /// <summary>This host, under a new id after it was marked as lost.</summary>
    public StoreInstance Instance { get; private set; } = CreateInstance(application);

    /// <summary>How many calls have ended. Virtual time sees by it that the store is not hanging.</summary>
    public int Ended => Volatile.Read(ref _ended);

    /// <summary>Why the store fails, as a sentence; null when it works.</summary>
    public string? Problem { get; private set; }

    /// <summary>From now on calls do not reach the store and do not return.</summary>
    public void Abandon() => _isAbandoned = true;

    /// <summary>Takes another id, because the claims of the present one have ended.</summary>
    public void Renew() => Instance = CreateInstance(application);

    /// <summary>Calls the store.</summary>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="TimeoutException">The store has not answered in time.</exception>
    public async ValueTask<TResult> CallAsync<TResult>(
        Func<IRecurringTaskStore, CancellationToken, ValueTask<TResult>> call, CancellationToken cancellationToken)
    {
        if (_isAbandoned)
            await _never.Task.ConfigureAwait(false);
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        Task<TResult>? answer = null;
        try
        {
            answer = StartAsync(call, either.Token).AsTask();
            var result = await answer.WaitOrGiveUpAsync(Limit + Grace, time, CancellationToken.None).ConfigureAwait(false);
            _hasAnswered = true;
            return result;
        }
        catch (OperationCanceledException error)
            when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw HasNotAnswered(error);
        }
        catch (TimeoutException error) when (answer is { IsFaulted: false }) // not the exception of the store
        {
            throw HasNotAnswered(error);
        }
        catch (Exception error)
        {
            StoreErrors.Add(error); // a store is user code and may throw anything, also the types that we throw
            throw;
        }
        finally
        {
            Interlocked.Increment(ref _ended);
        }
    }

    /// <summary>Calls the store.</summary>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <exception cref="TimeoutException">The store has not answered in time.</exception>
    public async ValueTask RunAsync(
        Func<IRecurringTaskStore, CancellationToken, ValueTask> call, CancellationToken cancellationToken)
    {
        await CallAsync(
            async (store, token) =>
            {
                await call(store, token).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reports that the store has failed: at once, and then once a minute.</summary>
    public void Report(Exception error)
    {
        var message = ErrorText.ReadMessage(error)?.TrimEnd('.');
        var text = error is IncompatibleStoreException
            ? $"The store cannot be used: {message}. The steps of tasks with SurviveRestarts do not run; other loops go on "
                + "without it. SafeLoop tries again once a minute."
            : $"The store failed: {message}. The steps of tasks with SurviveRestarts do not run meanwhile; other loops go on, "
                + "and what they do is saved later.";
        var now = time.GetTimestamp();
        lock (_gate)
        {
            (Problem, _hasAnswered) = (text, false);
            if (_reportedAt is { } before && time.GetElapsedTime(before, now) < BetweenReports)
                return;
            _reportedAt = now;
        }
        observers.Fault(FaultKind.StoreFailed, "SafeLoop", text, error);
    }

    /// <summary>
    /// Clears the problem when a call has succeeded since. Called when nothing is left to save, because a store on which only
    /// some calls succeed still has a problem.
    /// </summary>
    public void OnAllSaved()
    {
        lock (_gate)
        {
            if (_hasAnswered)
                Problem = null;
        }
    }

    /// <summary>Reports an outcome that the store refused.</summary>
    public void ReportRefused(HistoryEntry entry) => observers.Fault(
        FaultKind.OutcomeNotStored,
        entry.TaskName,
        $"The outcome {entry.Record.Outcome} of slot {entry.Record.Slot:O}"
            + $"{(entry.Key is { } key ? $" of key '{Printable.Escape(key)}'" : "")} was not stored, because the slot has "
            + "another outcome already: this host was marked as lost while the slot ran.",
        null);

    /// <summary>Reports a slot whose host was lost while it ran.</summary>
    public void ReportLost(SlotClaim claim) => observers.Fault(
        FaultKind.HostLost,
        claim.TaskName,
        $"Slot {claim.Slot:O}{(claim.Key is { } key ? $" of key '{Printable.Escape(key)}'" : "")} was interrupted, because the "
            + "host that ran it has stopped or sends no heartbeat any more. The slot does not run again.",
        null);

    // The call itself is user code and may block its thread.
    private ValueTask<TResult> StartAsync<TResult>(
        Func<IRecurringTaskStore, CancellationToken, ValueTask<TResult>> call, CancellationToken token)
    {
        using var entered = observers.Calls.Enter("the store", "SafeLoop");
        return call(store, token);
    }

    private static TimeoutException HasNotAnswered(Exception error) =>
        new($"The store has not answered within {Limit.TotalSeconds:0} s.", error);

    private static StoreInstance CreateInstance(string application) => new()
    {
        Id = Guid.NewGuid(),
        Application = application,
        Host = Environment.MachineName,
        ProcessId = Environment.ProcessId,
        Version = EntryAssembly.Version,
    };
}

using System.Diagnostics;

namespace SafeLoop.Testing;

/// <summary>
/// The one thread on which the loops of a virtual host run, so that "nothing is left to do" is a fact and not a guess.
/// </summary>
/// <remarks>
/// It runs at once whatever is dispatched. Time passes only while a <see cref="VirtualMove"/> is on, and only when every loop is
/// parked: then the next timer fires. A step that leaves the thread (<c>Task.Run</c>, <c>ConfigureAwait(false)</c> after a
/// cancelled delay, a real socket) is waited for until it sets up a wait in virtual time or ends, which sends its loop back here.
/// </remarks>
internal sealed class VirtualThread : IDisposable
{
    // Long enough for what was cancelled to find its way through a busy thread pool, however
    // short the limit for those that were not.
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(2);

    private readonly object _gate = new(); // a Lock cannot be waited on
    private readonly Queue<IThreadPoolWorkItem> _work = new();
    private readonly VirtualClock _clock;
    private IterationWatch? _watch;
    private StoreWatch? _store;
    private VirtualMove? _move;
    private Exception? _failure;
    private long _turns;
    private long _signals;
    private int _othersThreads;
    private volatile bool _isWaiting;
    private volatile bool _disposed;
    private bool _isKilled;

    public VirtualThread(VirtualClock clock)
    {
        _clock = clock;
        // With nothing of the test's context.
        new Thread(Run) { IsBackground = true, Name = "SafeLoop virtual time" }.UnsafeStart();
    }

    /// <summary>How long it waits for work to end.</summary>
    public TimeSpan RealTimeLimit { get; set; } = TimeSpan.FromSeconds(5);

    private TimeSpan Limit => Debugger.IsAttached ? Timeout.InfiniteTimeSpan : RealTimeLimit;

    public void Watch(IterationWatch watch, StoreWatch store) => (_watch, _store) = (watch, store);

    public void Dispatch(IThreadPoolWorkItem item)
    {
        lock (_gate)
        {
            if (_isKilled)
                return;
            _work.Enqueue(item);
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Something happened that may change who is at work.</summary>
    public void Signal()
    {
        lock (_gate)
        {
            _signals++;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Fails the present move, or the next one.</summary>
    public void Fail(Exception error)
    {
        lock (_gate)
            _failure ??= error;
    }

    public async Task MoveAsync(TimeSpan span, bool atOnce = false, Task? until = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(span, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(span, DateTimeOffset.MaxValue - _clock.GetUtcNow());
        var move = new VirtualMove(_clock.GetTimestamp() + span.Ticks, atOnce, until);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_move is not null)
                throw new InvalidOperationException("Virtual time is passing already. "
                    + "Await the last AdvanceAsync before the next.");
            _move = move;
            Monitor.Pulse(_gate);
        }

        for (var turns = -1L; !move.Task.IsCompleted;)
        {
            await move.Task.WaitAsync(Limit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // reported below
            var now = Interlocked.Read(ref _turns);
            if (now == turns && !_isWaiting && !move.Task.IsCompleted)
                End(move, new TimeoutException($"A step has blocked the thread of virtual time for {Limit} of real time, "
                    + $"so no loop can go on. Await instead of blocking, or raise RealTimeLimit. {Blocker()}"));
            turns = now;
        }
        await move.Task.ConfigureAwait(false);
    }

    /// <summary>Runs nothing any more.</summary>
    /// <exception cref="InvalidOperationException">Time is passing.</exception>
    public void Kill()
    {
        lock (_gate)
        {
            if (_move is not null)
                throw new InvalidOperationException("Virtual time is passing. Await the last AdvanceAsync before the crash.");
            _work.Clear();
            _isKilled = _disposed = true;
            Monitor.Pulse(_gate);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            Monitor.Pulse(_gate);
        }
    }

    private void Run()
    {
        while (true)
        {
            IThreadPoolWorkItem? item;
            lock (_gate)
            {
                while (_work.Count == 0 && _move is null && !_disposed)
                    Monitor.Wait(_gate);
                if (_work.Count == 0 && _disposed)
                    return;
                _work.TryDequeue(out item);
            }

            Interlocked.Increment(ref _turns);
            try
            {
                if (item is LoopRunner loop)
                    Start(loop);
                else if (item is not null)
                    item.Execute();
                else if (_move is { } move)
                    Proceed(move);
            }
            catch (Exception error) // thrown by a timer's callback: in a real process it is fatal, here the test gets it
            {
                Fail(error);
            }
        }
    }

    // Not within this thread's own context: what the loop leaves there is not the next one's.
    private void Start(LoopRunner loop) => ExecutionContext.Run(
        ExecutionContext.Capture()!,
        _ =>
        {
            _watch?.Enter(loop, Signal);
            ((IThreadPoolWorkItem)loop).Execute();
        },
        null);

    private void Proceed(VirtualMove move)
    {
        var signals = Interlocked.Read(ref _signals);
        if (_store!.IsBusy(Limit, out var left))
        {
            WaitForSignal(signals, left);
            return;
        }
        if (_watch!.FindBusy(out var anyRuns) is { } busy)
        {
            WaitFor(busy, move, signals);
            return;
        }
        if (anyRuns && (IsPoolBusy(move, signals) || _watch.FindBusy(out _) is not null))
            return; // looked again: what was queued before may be at work by now

        move.Wait = default;
        var next = move.AtOnce ? move.Target : Math.Min(_clock.NextDue ?? long.MaxValue, move.Target);
        var ends = _failure is not null || move.IsOver
            || (_clock.GetTimestamp() >= move.Target && !(_clock.NextDue <= move.Target));
        if (!anyRuns && !IterationFlow.AnyAtWork && (ends || move.IsNew))
            OthersThreads.InProcess.SawWithoutSteps(PoolThreads.LeastBusy());
        move.IsNew = false;

        if (ends)
            End(move, null);
        else
            _clock.MoveTo(Math.Max(next, _clock.GetTimestamp())); // a step may have passed time of its own
    }

    private void WaitFor(BusyTask busy, VirtualMove move, long signals)
    {
        move.PoolWait = null; // its time is not this one's
        if (move.Wait.Busy != busy)
            move.Wait = (busy, TimeProvider.System.GetTimestamp());
        var limit = busy.IsStirred ? Moment : Limit;
        var left = limit == Timeout.InfiniteTimeSpan ? limit : limit - TimeProvider.System.GetElapsedTime(move.Wait.Since);
        if (left > TimeSpan.Zero || left == Timeout.InfiniteTimeSpan)
        {
            WaitForSignal(signals, left);
            return;
        }

        move.Wait = default;
        if (_watch!.GiveUp(busy, limit) is { } text)
            End(move, new TimeoutException(text));
    }

    /// <summary>
    /// Code of a step may be queued in the thread pool, or be on its way from there, where nothing can be
    /// seen of it but that the pool is not idle.
    /// </summary>
    private bool IsPoolBusy(VirtualMove move, long signals)
    {
        move.Wait = default;
        var others = Math.Max(_othersThreads, OthersThreads.InProcess.Count);
        var threads = PoolThreads.LeastBusy(others);
        if (threads > others && !(move.PoolWait ??= new PoolWait(TimeProvider.System)).IsOver(threads))
        {
            WaitForSignal(signals, TimeSpan.FromMilliseconds(1)); // others' work gives no signal
            return true;
        }

        _othersThreads = threads > others ? move.PoolWait!.Least : Math.Min(_othersThreads, threads);
        move.PoolWait = null;
        return false;
    }

    private void WaitForSignal(long signals, TimeSpan atMost)
    {
        lock (_gate)
        {
            _isWaiting = true;
            if (_work.Count == 0 && _signals == signals)
                Monitor.Wait(_gate, atMost);
            _isWaiting = false;
        }
    }

    private void End(VirtualMove move, Exception? error)
    {
        lock (_gate)
        {
            error ??= _failure;
            if (_move == move)
                (_move, _failure) = (null, null);
        }
        if (error is null)
            move.TrySetResult();
        else
            move.TrySetException(error);
    }

    private string Blocker() =>
        _store?.IsCalled == true ? "It may be the store, which has not returned: its first call may take long on a busy machine."
        : _watch?.FindBusy(out _) is { Iteration: { } iteration } busy
            ? $"It may be recurring task '{busy.Task.Name}', iteration {iteration.Iteration.Number}, "
                + $"{iteration.Iteration.CurrentActivity}."
            : "";
}

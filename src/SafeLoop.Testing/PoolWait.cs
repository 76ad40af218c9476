namespace SafeLoop.Testing;

/// <summary>
/// Waits for a thread pool that does not become idle, until it is clear that the threads that keep it busy run no steps.
/// </summary>
/// <remarks>
/// Real time alone is no evidence: in a process that gets little of a busy machine, a step may lie in the pool for seconds.
/// So work of its own goes through the pool as often as it is waited, behind all that was queued before; what a step had
/// queued has then had its turn many times.
/// </remarks>
/// <param name="time">Real time.</param>
internal sealed class PoolWait(TimeProvider time) : IThreadPoolWorkItem
{
    /// <summary>So often others must have had their turn.</summary>
    public const int Turns = 50;

    /// <summary>The pool may be full of what blocks its threads, and then nothing goes through it.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private readonly long _since = time.GetTimestamp();
    private int _turns;
    private int _isQueued;
    private int _least = int.MaxValue;

    /// <summary>The minimum number of busy threads; 0 when work was always queued, which says nothing about threads.</summary>
    public int Least => _least < int.MaxValue ? _least : 0;

    /// <param name="threads">So many are busy now.</param>
    public bool IsOver(int threads)
    {
        _least = Math.Min(_least, threads);
        var waited = time.GetElapsedTime(_since);
        if (waited >= Longest || (waited >= OthersThreads.Window && Volatile.Read(ref _turns) >= Turns))
            return true;
        if (Interlocked.Exchange(ref _isQueued, 1) == 0)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        return false;
    }

    void IThreadPoolWorkItem.Execute()
    {
        Interlocked.Increment(ref _turns);
        Volatile.Write(ref _isQueued, 0);
    }
}

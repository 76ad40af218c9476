namespace SafeLoop.Testing;

/// <summary>
/// How many threads of the pool others keep busy for good, a test runner or a server: learned by all hosts of
/// the process, so that each next one knows.
/// </summary>
/// <remarks>
/// It is the least that was seen over a while in which no step could be among them. What is seen at other
/// times can only make it less. Thread-safe.
/// </remarks>
internal sealed class OthersThreads(TimeProvider time)
{
    /// <summary>Who is busy so long is busy for good.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// How often a thread must be seen: on a busy machine, two looks may find a thread at the same work item.
    /// </summary>
    public const int Looks = 20;

    private static readonly TimeSpan Fresh = 8 * Window;

    private readonly Lock _gate = new();
    private int _known;
    private int _least = int.MaxValue;
    private int _looks;
    private long _since;
    private long _last;

    public static OthersThreads InProcess { get; } = new(TimeProvider.System);

    /// <summary>0 while it is not known, or no longer.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return time.GetElapsedTime(_last) < Fresh ? _known : 0;
        }
    }

    /// <summary>So many threads were busy while no step was under way.</summary>
    public void SawWithoutSteps(int threads)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            if (_least == int.MaxValue || time.GetElapsedTime(_last, now) >= Fresh)
                (_known, _least, _looks, _since) = (0, threads, 0, now);
            _least = Math.Min(_least, threads);
            if (++_looks >= Looks && time.GetElapsedTime(_since, now) >= Window)
                (_known, _least, _looks, _since) = (_least, threads, 0, now);
            _last = now;
            _known = Math.Min(_known, threads);
        }
    }

    /// <summary>So many threads were busy, perhaps with steps; <see cref="int.MaxValue"/>: who knows.</summary>
    public void Saw(int threads)
    {
        lock (_gate)
            (_known, _least) = (Math.Min(_known, threads), Math.Min(_least, threads));
    }
}

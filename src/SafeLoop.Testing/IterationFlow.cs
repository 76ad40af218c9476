namespace SafeLoop.Testing;

/// <summary>
/// The code of one iteration, or of a loop between iterations, wherever it runs: on how many
/// threads, and what it waits for in virtual time.
/// </summary>
/// <remarks>It flows with the execution context, and is notified when a thread enters and leaves that context.</remarks>
internal sealed class IterationFlow(string task, long number)
{
    private static readonly AsyncLocal<IterationFlow?> Ambient = new(static change =>
    {
        if (change.PreviousValue is { } left)
            Leave(left);
        if (change.CurrentValue is { } entered)
        {
            Enter(entered);
            (entered.IsGivenUp, entered.IsStirred) = (false, false);
        }
        else
        {
            change.PreviousValue!._moved();
        }
    });

    private static int _allThreads;

    private readonly Action _moved = static () => { };
    private int _threads;
    private int _delays;
    private int _timeouts;

    public IterationFlow(string task, long number, Action moved) : this(task, number) => _moved = moved;

    public static IterationFlow? Current
    {
        get => Ambient.Value;
        set => Ambient.Value = value;
    }

    public string Task => task;

    /// <summary>The iteration's; 0: the loop's own code.</summary>
    public long Number => number;

    /// <summary>A thread is at work for it.</summary>
    public bool IsAtWork => Volatile.Read(ref _threads) > 0;

    /// <summary>A thread is at work for an iteration, or a loop, of any host of the process.</summary>
    public static bool AnyAtWork => Volatile.Read(ref _allThreads) > 0;

    /// <summary>It waits for virtual time, so there is no need to wait for it.</summary>
    public bool IsDelayed => Volatile.Read(ref _delays) > 0;

    /// <summary>Virtual time may end its wait.</summary>
    public bool HasTimeout => Volatile.Read(ref _timeouts) > 0;

    /// <summary>A fault that was injected: it waits on purpose.</summary>
    public bool IsHeld { get; set; }

    /// <summary>It was waited for in real time for as long as that is done; now it is left alone until it moves.</summary>
    public bool IsGivenUp { get; set; }

    /// <summary>It was cancelled, and what it does about it may still be on its way through the thread pool.</summary>
    public bool IsStirred { get; set; }

    /// <summary>Its cancellation has been taken note of.</summary>
    public bool IsCancelled { get; set; }

    public void Count(VirtualTimer timer, bool isSet)
    {
        if (isSet)
            (IsGivenUp, IsStirred) = (false, false);
        if (timer.IsTimeout)
            Interlocked.Add(ref _timeouts, isSet ? 1 : -1);
        else
            Interlocked.Add(ref _delays, isSet ? 1 : -1);
    }

    private static void Enter(IterationFlow flow)
    {
        Interlocked.Increment(ref flow._threads);
        Interlocked.Increment(ref _allThreads);
    }

    private static void Leave(IterationFlow flow)
    {
        Interlocked.Decrement(ref flow._threads);
        Interlocked.Decrement(ref _allThreads);
    }
}

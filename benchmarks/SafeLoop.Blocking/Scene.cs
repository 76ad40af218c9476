namespace SafeLoop.Blocking;

/// <summary>The work of every engine: tasks that block their threads, one that does not, and one period for all.</summary>
internal static class Scene
{
    public const int Blockers = 10;

    public const int Cores = 2;

    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(50);

    public static readonly TimeSpan Blocked = TimeSpan.FromMilliseconds(800);

    public static readonly TimeSpan Measured = TimeSpan.FromSeconds(5);

    private static int _runs;

    /// <summary>How often the innocent task should have run.</summary>
    public static int Due => (int)(Measured / Period);

    /// <summary>How often the innocent task has run.</summary>
    public static int Runs => Volatile.Read(ref _runs);

    /// <summary>Blocks the thread, like a driver without an asynchronous interface.</summary>
    public static void Block() => Thread.Sleep(Blocked);

    public static void RunInnocent() => Interlocked.Increment(ref _runs);
}

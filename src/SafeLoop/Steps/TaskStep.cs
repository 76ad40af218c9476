namespace SafeLoop;

/// <summary>One step as it was registered: its name, what it needs, and how it is bound to the services that provide that.</summary>
internal sealed record TaskStep(
    string Name, Func<IServiceProvider, Func<Iteration, CancellationToken, ValueTask>> Bind, params Type[] Needs) : ICallee
{
    /// <summary>True when its only need is the class of the task itself.</summary>
    public bool IsClass { get; init; }

    private long _timesBlocked;

    /// <summary>Counts a block of a thread of the pool.</summary>
    /// <returns>The number of blocks so far, including this one.</returns>
    public long CountBlock() => Interlocked.Increment(ref _timesBlocked);

    /// <summary>Where an iteration is that runs it, for those who ask why it does not end.</summary>
    public string Place { get; } = $"step '{Name}'";

    /// <summary>The name of the calls to constructors before it runs, which may block too.</summary>
    string ICallee.CalleeName => $"a constructor for {Place}";
}

namespace SafeLoop;

/// <summary>A registered step: its name, the services it needs, and the function that binds it to them.</summary>
internal sealed record TaskStep(
    string Name, Func<IServiceProvider, Func<Iteration, CancellationToken, ValueTask>> Bind, params Type[] Needs) : ICallee
{
    /// <summary>True when the step needs only the class of the task.</summary>
    public bool IsClass { get; init; }

    private long _timesBlocked;

    /// <summary>Counts an occasion on which the step blocked a thread of the pool.</summary>
    /// <returns>The number of occasions so far, including this one.</returns>
    public long CountBlock() => Interlocked.Increment(ref _timesBlocked);

    /// <summary>The activity of an iteration that runs this step, for reports of an iteration that does not end.</summary>
    public string Activity { get; } = $"step '{Name}'";

    /// <summary>The name of the constructors of the step's services in reports; they may block too.</summary>
    string ICallee.CalleeName => $"a constructor for {Activity}";
}

namespace SafeLoop;

/// <summary>
/// The registration of a task. Immutable: a change replaces it, so a copied service collection keeps its own version.
/// </summary>
internal sealed record RegisteredTask(string Name)
{
    private static long _lastId;

    /// <summary>The id of the task. It stays the same when the registration is replaced, also under another name.</summary>
    public long Id { get; } = Interlocked.Increment(ref _lastId);

    /// <summary>The names of the task before <c>Named</c>. A builder with an old name still reaches the task.</summary>
    public string[] Aliases { get; init; } = [];

    public TaskStep[] Steps { get; init; } = [];

    /// <summary>The verbs in the order of their calls, each with its position among the option setups.</summary>
    public (VerbPosition Position, Action<RecurringTaskOptions> Configure)[] Verbs { get; init; } = [];

    /// <summary>Finds the loops of a keyed task; null for an ordinary task.</summary>
    public Func<IServiceProvider, KeyedLoops>? Keys { get; init; }

    /// <summary>The type of the keys of a keyed task; null for an ordinary task.</summary>
    public Type? KeyType { get; init; }

    /// <summary>The id of the task that reads the keys of this task; 0 when there is none.</summary>
    public long Reader { get; init; }

    /// <summary>Finds the loops whose keys this task reads; null when it reads none.</summary>
    public Func<IServiceProvider, KeyedLoops>? ReadsKeysOf { get; init; }

    public IEnumerable<Action<RecurringTaskOptions>> VerbsAt(VerbPosition position) =>
        Verbs.Where(verb => verb.Position == position).Select(verb => verb.Configure);

    public RegisteredTask Rename(string name) => this with { Name = name, Aliases = [.. Aliases, Name] };
}

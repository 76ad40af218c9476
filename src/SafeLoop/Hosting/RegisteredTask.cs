namespace SafeLoop;

/// <summary>A task as it is registered. Never changed, only replaced: what a copied service collection holds is its own.</summary>
internal sealed record RegisteredTask(string Name)
{
    private static long _lastId;

    /// <summary>Stays the same when the task is replaced, also by one with another name.</summary>
    public long Id { get; } = Interlocked.Increment(ref _lastId);

    /// <summary>The names it had before <c>Named</c>: who holds one of them still reaches the task.</summary>
    public string[] Aliases { get; init; } = [];

    public TaskStep[] Steps { get; init; } = [];

    /// <summary>In their order, each with where it acts.</summary>
    public (VerbPlace Place, Action<RecurringTaskOptions> Configure)[] Verbs { get; init; } = [];

    /// <summary>Of a keyed task: finds its loops. Null: an ordinary one.</summary>
    public Func<IServiceProvider, KeyedLoops>? Keys { get; init; }

    /// <summary>The type of its keys; null: an ordinary task.</summary>
    public Type? KeyType { get; init; }

    /// <summary>The id of the task that reads the keys of this one; 0: none does.</summary>
    public long Reader { get; init; }

    /// <summary>For a task that reads keys: finds the loops of these keys. Null for any other task.</summary>
    public Func<IServiceProvider, KeyedLoops>? ReadsKeysOf { get; init; }

    public IEnumerable<Action<RecurringTaskOptions>> VerbsAt(VerbPlace place) =>
        Verbs.Where(verb => verb.Place == place).Select(verb => verb.Configure);

    public RegisteredTask Rename(string name) => this with { Name = name, Aliases = [.. Aliases, Name] };
}

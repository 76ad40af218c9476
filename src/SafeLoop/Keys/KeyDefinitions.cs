using System.Diagnostics.CodeAnalysis;

namespace SafeLoop;

/// <summary>The definitions of the keys of one task. Asks a key for its schedule and makes one definition per schedule, whatever the number of keys.</summary>
/// <remarks>
/// The selector is called here and nowhere else, on the caller's thread and under no lock. Thread-safe. A definition that no key uses any more is
/// collected: keys that come and go with ever new periods leave nothing behind.
/// </remarks>
internal sealed class KeyDefinitions(KeyedLoops all, RecurringTaskFactory factory)
{
    private const int Few = 64;

    private readonly Lock _gate = new();
    private readonly KeyDefinition _common = new(all);
    private readonly Dictionary<KeySchedule, WeakReference<KeyDefinition>> _bySchedule = [];
    private RecurringTask? _madeFrom;
    private volatile bool _isDoubted; // one warning is enough: each key may have an expression of its own

    /// <summary>That of the task, for keys that have no schedule of their own.</summary>
    public KeyDefinition Common => _common;

    /// <summary>The definition of a key by the present options. Asks the key, if it has a schedule of its own.</summary>
    public KeyDefinition Of(KeyedLoop loop) => Of(loop, all.Task);

    /// <summary>The definition of a key by other options than those of all keys.</summary>
    public KeyDefinition Of(KeyedLoop loop, RecurringTask task) =>
        task.Options.KeySchedules is null ? ReferenceEquals(task, all.Task) ? _common : new(all, task, task)
        : TryMake(loop, task, out var definition, out _) ? definition
        : Share(default, task, static (_, task, definitions) => definitions.WithoutSchedule(task));

    /// <summary>Asks a key for its schedule.</summary>
    /// <param name="loop">The loop of the key.</param>
    /// <param name="task">Says how it is asked.</param>
    /// <param name="definition">By which it runs then.</param>
    /// <param name="mistake">What it threw, or what is wrong with its answer.</param>
    public bool TryMake(
        KeyedLoop loop, RecurringTask task, [NotNullWhen(true)] out KeyDefinition? definition, [NotNullWhen(false)] out Exception? mistake)
    {
        (definition, mistake) = (null, null);
        using var call = all.Calls.Enter("the schedule of its key", loop);
        try
        {
            definition = Share(task.Options.KeySchedules!.Select(loop), task, static (own, task, definitions) => definitions.Make(task, own));
            return true;
        }
        catch (Exception error) // the selector is the user's code, and no answer of one key may end a loop or keep others from starting
        {
            mistake = error;
            return false;
        }
    }

    /// <summary>Forgets the definitions that no key uses, when they may be more than the keys.</summary>
    public void Trim()
    {
        if (Count <= Few || Count <= Few + (2 * all.Count))
            return;
        var used = all.All().Select(loop => loop.Definition).ToHashSet(); // not under our gate: it takes that of the keys
        lock (_gate)
        {
            foreach (var (schedule, weak) in _bySchedule)
            {
                if (!weak.TryGetTarget(out var definition) || !used.Contains(definition))
                    _bySchedule.Remove(schedule);
            }
            _bySchedule.TrimExcess();
        }
    }

    private int Count
    {
        get
        {
            lock (_gate)
                return _bySchedule.Count;
        }
    }

    private RecurringTask Make(RecurringTask task, KeySchedule own) => factory.Create(task, own);

    private KeyDefinition Share(in KeySchedule schedule, RecurringTask task, Func<KeySchedule, RecurringTask, KeyDefinitions, RecurringTask> make)
    {
        if (Find(schedule, task) is { } found)
            return found;
        var definition = new KeyDefinition(all, make(schedule, task, this), task);
        lock (_gate)
        {
            if (!ReferenceEquals(_madeFrom, task))
                return definition; // of a handle's options, or the task changes at this moment
            if (Find(schedule, task) is { } other)
                return other;
            _bySchedule[schedule] = new(definition);
        }
        if (!_isDoubted && ReferenceEquals(task, all.Task))
            _isDoubted = all.Warn(definition.Task);
        Trim();
        return definition;
    }

    private KeyDefinition? Find(in KeySchedule schedule, RecurringTask task)
    {
        lock (_gate)
        {
            if (!ReferenceEquals(_madeFrom, task) && ReferenceEquals(task, all.Task))
            {
                _bySchedule.Clear();
                (_madeFrom, _isDoubted) = (task, false);
            }
            return ReferenceEquals(_madeFrom, task) && _bySchedule.TryGetValue(schedule, out var weak) && weak.TryGetTarget(out var found) ? found : null;
        }
    }

    // An iteration that fails, so that handlers, limits and back-off act as on any other.
    private RecurringTask WithoutSchedule(RecurringTask task) => task with
    {
        StandsInFor = task,
        Options = task.Options.ForFailing(),
        Steps = new([new("schedule", _ => (iteration, _) => throw Failure((KeyedLoop)iteration.Keyed!, task))]),
    };

    private InvalidOperationException Failure(KeyedLoop loop, RecurringTask task)
    {
        var verb = task.Options.KeySchedules!.Verb;
        return TryMake(loop, task, out _, out var mistake) ? new($"{verb} returned a schedule again; it begins in a minute.")
            : mistake is InvalidRecurringTaskException ? new($"{verb} returned no schedule for this key; it is called again in a minute. {mistake.Message}", mistake)
            : new($"{verb} threw {mistake.GetType().Name} for this key; it is called again in a minute. {mistake.Message}", mistake);
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace SafeLoop;

/// <summary>The definitions of the keys of one task: one per schedule, however many keys share it.</summary>
/// <remarks>
/// Thread-safe. Only this class calls the selector, on the caller's thread and under no lock. It holds definitions weakly, so
/// keys that come and go with ever new periods do not fill the memory.
/// </remarks>
internal sealed class KeyDefinitions(KeyedLoops all, RecurringTaskFactory factory)
{
    private const int Few = 64;

    private readonly Lock _gate = new();
    private readonly KeyDefinition _common = new(all.Group);
    private readonly Dictionary<(KeySchedule, ShardOwnership?), WeakReference<KeyDefinition>> _bySchedule = [];
    private readonly ConditionalWeakTable<ShardOwnership, KeyDefinition> _ofShards = [];
    private RecurringTask? _madeFrom;
    private volatile bool _hasWarned; // once is enough, because each key may have another expression

    /// <summary>The definition of keys without their own schedule.</summary>
    /// <param name="shard">Their shard; null: they have none.</param>
    public KeyDefinition CommonOf(ShardOwnership? shard) =>
        shard is null ? _common : _ofShards.GetValue(shard, shard => new(all.Group, shard: shard));

    /// <summary>The definition of a key without its own schedule.</summary>
    public KeyDefinition CommonOf(LoopId loop) => CommonOf(all.Rows.ShardOf(loop));

    /// <summary>Gets the definition of a key by the options in force. Calls the selector, if there is one.</summary>
    public KeyDefinition GetFor(IKeyed loop) => GetFor(loop, all.Task);

    /// <summary>Gets the definition of a key by the options of its handle.</summary>
    public KeyDefinition GetFor(IKeyed loop, RecurringTask task)
    {
        var shard = all.Rows.ShardOf(loop.Id);
        if (task.Options.KeySchedules is null)
            return ReferenceEquals(task, all.Task) ? CommonOf(shard) : new(all.Group, Attach(task, shard), task, shard);
        return TryMake(loop, task, out var definition, out _) ? definition
            : Share(default, task, shard, static (_, task, definitions) => definitions.WithoutSchedule(task));
    }

    /// <summary>Calls the selector for a key.</summary>
    /// <param name="loop">The loop of the key.</param>
    /// <param name="task">Has the selector.</param>
    /// <param name="definition">The definition for the selected schedule.</param>
    /// <param name="mistake">What the selector threw, or what is wrong with the schedule.</param>
    public bool TryMake(
        IKeyed loop,
        RecurringTask task,
        [NotNullWhen(true)] out KeyDefinition? definition,
        [NotNullWhen(false)] out Exception? mistake)
    {
        (definition, mistake) = (null, null);
        using var call = all.Calls.Enter("the schedule of its key", loop);
        try
        {
            var own = task.Options.KeySchedules!.Select(loop);
            var shard = all.Rows.ShardOf(loop.Id);
            definition = Share(own, task, shard, static (own, task, definitions) => definitions.Make(task, own));
            return true;
        }
        catch (Exception error) // the selector is user code, and one key must not end a loop or keep others from starting
        {
            mistake = error;
            return false;
        }
    }

    /// <summary>Removes unused definitions when there may be more definitions than keys.</summary>
    public void Trim()
    {
        if (Count <= Few || Count <= Few + (2 * all.Count))
            return;
        lock (_gate)
        {
            foreach (var (schedule, weak) in _bySchedule)
            {
                if (!weak.TryGetTarget(out var definition) || definition.Slot == 0)
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

    // With the ownership of the shard, so that the runner of a loop knows it without asking.
    private static RecurringTask Attach(RecurringTask task, ShardOwnership? shard) =>
        shard is null ? task : task with { Shard = shard };

    private KeyDefinition Share(
        in KeySchedule schedule,
        RecurringTask task,
        ShardOwnership? shard,
        Func<KeySchedule, RecurringTask, KeyDefinitions, RecurringTask> make)
    {
        if (Find(schedule, task, shard) is { } found)
            return found;
        var definition = new KeyDefinition(all.Group, Attach(make(schedule, task, this), shard), task, shard);
        lock (_gate)
        {
            if (!ReferenceEquals(_madeFrom, task))
                return definition; // for the options of a handle, or the task is changing at this moment
            if (Find(schedule, task, shard) is { } other)
                return other;
            _bySchedule[(schedule, shard)] = new(definition);
        }
        if (!_hasWarned && ReferenceEquals(task, all.Task))
            _hasWarned = all.TryWarn(definition.Task);
        Trim();
        return definition;
    }

    private KeyDefinition? Find(in KeySchedule schedule, RecurringTask task, ShardOwnership? shard)
    {
        KeyDefinition? found = null;
        lock (_gate)
        {
            if (!ReferenceEquals(_madeFrom, task) && ReferenceEquals(task, all.Task))
            {
                _bySchedule.Clear();
                (_madeFrom, _hasWarned) = (task, false);
            }
            var isFound = ReferenceEquals(_madeFrom, task) && _bySchedule.TryGetValue((schedule, shard), out var weak)
                && weak.TryGetTarget(out found);
            return isFound ? found : null;
        }
    }

    // A failing iteration, so that handlers, limits and back-off act as for any other failure.
    private RecurringTask WithoutSchedule(RecurringTask task) => task.With(task.Options.ForFailing(), task.Schedule) with
    {
        StandsInFor = task,
        FindSchedule = loop => FindSchedule(loop, task),
        Steps = new([new("schedule", _ => (iteration, _) => throw Failure(iteration.Keyed!, task))]),
    };

    // The selector may return a schedule by now. The loop adopts it, unless its definition was changed meanwhile.
    private RecurringTask? FindSchedule(IKeyed loop, RecurringTask complete)
    {
        var before = all.Rows.RunnerOf(loop.Id)?.Runner.Control.Task;
        if (before is null || !TryMake(loop, complete, out var definition, out _))
            return null;
        var isAdopted = all.ControlOf(loop.Id)?.TryReplace(before, definition.Task) ?? all.Rows.TryAdopt(loop.Id, definition);
        return isAdopted ? definition.Task : null;
    }

    private InvalidOperationException Failure(IKeyed loop, RecurringTask task)
    {
        var verb = task.Options.KeySchedules!.Verb;
        if (TryMake(loop, task, out _, out var mistake))
            return new($"{verb} returned a schedule again; it begins in a minute.");
        var what = mistake is InvalidRecurringTaskException ? "returned no schedule" : $"threw {mistake.GetType().Name}";
        return new($"{verb} {what} for this key; it is called again in a minute. {mistake.Message}", mistake);
    }
}

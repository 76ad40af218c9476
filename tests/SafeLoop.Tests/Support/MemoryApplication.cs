using SafeLoop.Storage;

namespace SafeLoop.Tests;

/// <summary>What a database holds of one application. Its callers hold the lock of the database.</summary>
internal sealed partial class MemoryApplication(MemoryRules rules)
{
    private readonly Dictionary<string, MemoryTask> _tasks = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<Guid, MemoryInstance> _instances = [];
    private readonly List<MemoryCommand> _commands = [];
    private long _lastNumber;

    public MemoryEntries History { get; } = new(rules);

    public MemoryTotals Totals { get; } = new();

    public List<HistoryGap> Gaps { get; } = [];

    public IReadOnlyList<MemoryCommand> Commands => _commands;

    public IEnumerable<MemoryInstance> Instances => _instances.Values;

    public IEnumerable<MemoryTask> Tasks => _tasks.Values;

    public MemoryTask? FindTask(string? name) => name is null ? null : _tasks.GetValueOrDefault(name);

    public IReadOnlyList<StoredLoop> Load(IReadOnlyList<StoredTask> tasks)
    {
        foreach (var task in tasks)
        {
            if (task.FormerName is { } former && !_tasks.ContainsKey(task.Name) && _tasks.Remove(former, out var renamed))
            {
                renamed.Rename(task.Name);
                _tasks.Add(task.Name, renamed);
            }
            GetLoop(task.Name, key: null);
            GetTask(task.Name).Schedule = task.Schedule;
            GetTask(task.Name).Fingerprint = task.Fingerprint;
        }
        return [.. tasks.SelectMany(task => GetTask(task.Name).Loops).Distinct().Select(loop => loop.State)];
    }

    public void Save(StoreBatch batch, DateTimeOffset now)
    {
        var instance = _instances.GetValueOrDefault(batch.Instance) ?? throw new InvalidOperationException(
            $"The instance {batch.Instance} is not in the store. Connect it first.");
        if (rules.IsSaved(instance, batch))
            return;
        instance.Batch = batch.Number;
        foreach (var entry in batch.History)
            History.Add(GetTask(entry.TaskName), entry, now);
        foreach (var change in batch.Loops)
            Save(change);
        foreach (var total in batch.Totals)
            Totals.Add(GetTask(total.TaskName), total);
        if (batch.Gap is { } gap)
            Gaps.Add(gap);
    }

    public bool Delete(StoreRetention retention, DateTimeOffset now)
    {
        Totals.Delete(now, retention.Totals);
        foreach (var instance in _instances.Values)
            instance.DeleteSamples(now, rules.SampleRetention(retention));
        _commands.RemoveAll(command => now - command.Command.Sent > retention.Others);
        foreach (var command in _commands.Where(command => rules.MayEraseKey(command, now)))
            command.IsKeyErased = true;
        var withClaims = AllClaims().Select(found => found.Claim.Instance).ToHashSet();
        foreach (var (id, instance) in _instances.ToList())
        {
            if (now - instance.Heartbeat > retention.Others && rules.MayDelete(instance, withClaims.Contains(id)))
                _instances.Remove(id);
        }
        return History.Delete(now, retention.Successes, retention.Others);
    }

    public void Erase(string name, string key)
    {
        if (FindTask(name) is not { } task)
            return;
        task.Remove(rules.KeyOf(key));
        History.Erase(task, key);
        _commands.RemoveAll(command => command.Task == task && rules.MayErase(command)
            && rules.KeyOf(command.Command.Key) == rules.KeyOf(key));
    }

    private void Save(LoopChange change)
    {
        var task = GetTask(change.Loop.TaskName);
        if (change.IsForgotten)
        {
            if (task.FindLoop(rules.KeyOf(change.Loop.Key)) is not { } forgotten)
                return;
            if (rules.MayForget(forgotten, change))
            {
                task.Remove(rules.KeyOf(change.Loop.Key));
                return;
            }
        }
        var loop = GetLoop(change.Loop.TaskName, change.Loop.Key);
        loop.State = rules.Merge(loop.State, change);
    }

    private MemoryTask GetTask(string name)
    {
        if (!_tasks.TryGetValue(name, out var task))
            _tasks.Add(name, task = new MemoryTask(name));
        return task;
    }

    private MemoryLoop GetLoop(string name, string? key) => GetTask(name).GetLoop(rules.KeyOf(key), key);

    private List<(MemoryTask Task, MemoryLoop Loop, MemoryClaim Claim)> AllClaims() =>
        [.. from task in _tasks.Values from loop in task.Loops from claim in loop.Claims.Values select (task, loop, claim)];
}

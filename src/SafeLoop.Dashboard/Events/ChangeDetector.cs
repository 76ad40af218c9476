namespace SafeLoop.Dashboard;

/// <summary>Finds what has changed since the last call: tasks of this host, tasks in the store, and commands.</summary>
/// <remarks>Not thread-safe. Created when the first viewer comes, so it costs nothing without one.</remarks>
internal sealed class ChangeDetector(IRecurringTasks tasks, StoredTasks stored, IRecurringTaskCommands commands)
{
    private const int CommandsWatched = 50;

    // The snapshot of a task with many keys visits every key.
    private const int ManyKeys = 10_000, TurnsBetweenManyKeys = 10;

    private Dictionary<string, object> _here = new(StringComparer.OrdinalIgnoreCase);
    private Dictionary<string, object> _stored = new(StringComparer.OrdinalIgnoreCase);
    private Dictionary<string, object> _commands = [];
    private int _turns;

    /// <summary>Finds the tasks of this host that have changed.</summary>
    public IReadOnlyList<string> FindTasks()
    {
        var now = new Dictionary<string, object>(StringComparer.OrdinalIgnoreCase);
        foreach (var task in tasks.All)
        {
            var isKept = _turns % TurnsBetweenManyKeys != 0 && _here.TryGetValue(task.Name, out var before)
                && before is RecurringTaskSnapshot { Keys.Count: > ManyKeys };
            now[task.Name] = isKept ? _here[task.Name] : task.Snapshot();
        }
        _turns++;
        return Replace(ref _here, now);
    }

    /// <summary>Finds the tasks whose stored state another host has changed.</summary>
    public async Task<IReadOnlyList<string>> FindStoredTasksAsync(CancellationToken cancellationToken)
    {
        var snapshot = await stored.ReadAsync(cancellationToken).ConfigureAwait(false);
        return snapshot.Problem is not null ? [] : Replace(
            ref _stored,
            snapshot.Tasks.ToDictionary(task => task.Key, task => (object)task.Value, StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>Finds the commands that are new, or have got a result.</summary>
    public async Task<IReadOnlyList<string>> FindCommandsAsync(CancellationToken cancellationToken)
    {
        var page = await commands.QueryAsync(new() { PageSize = CommandsWatched }, cancellationToken).ConfigureAwait(false);
        return Replace(
            ref _commands,
            page.Commands.ToDictionary(
                status => $"{status.Command.Id}", status => (object)(status.State, status.Results.Count)),
            onlyNew: true);
    }

    private static IReadOnlyList<string> Replace(
        ref Dictionary<string, object> before, Dictionary<string, object> now, bool onlyNew = false)
    {
        var known = before;
        var changed = now.Where(entry => !known.TryGetValue(entry.Key, out var old) || !old.Equals(entry.Value))
            .Select(entry => entry.Key);
        if (!onlyNew)
            changed = changed.Concat(known.Keys.Where(name => !now.ContainsKey(name)));
        var found = changed.ToList();
        before = now;
        return found;
    }
}

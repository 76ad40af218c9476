using SafeLoop.Storage;

namespace SafeLoop;

/// <summary>Answers from the store where there is one, otherwise from the records in memory.</summary>
/// <param name="tasks">The tasks of this host.</param>
/// <param name="store">The store; null: there is none.</param>
/// <param name="time">The clock.</param>
/// <param name="session">What this host shares with the store; null: nothing.</param>
internal sealed class TaskHistory(
    RecurringTasks tasks, IRecurringTaskStore? store, TimeProvider time, ILoopStore? session = null) : IRecurringTaskHistory
{
    private IRecurringTasks PublicTasks => tasks;

    public async ValueTask<HistoryPage> QueryAsync(HistoryQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        QueryRules.Check(query);
        cancellationToken.ThrowIfCancellationRequested();
        var task = query.TaskName is { } name ? Find(name) : null;
        if (store is null)
        {
            var groups = query.TaskName is null ? All : [task ?? throw Unknown(query.TaskName)];
            return MemoryHistory.Query(groups.SelectMany(LoopRecords.ReadAll), query);
        }

        query = query with { TaskName = task?.Name ?? query.TaskName };
        var page = await CallAsync((stored, token) => stored.QueryAsync(query, token), cancellationToken).ConfigureAwait(false);
        if (page.Entries.Count == 0 && query.TaskName is { } unknown && task is null
            && !await HasAnyAsync(unknown, cancellationToken).ConfigureAwait(false))
            throw Unknown(unknown);
        return page;
    }

    public async ValueTask<SlotExplanation> ExplainAsync(
        string task, DateTimeOffset instant, object? key = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(task);
        cancellationToken.ThrowIfCancellationRequested();
        var group = Find(task);
        if (group is null && store is null)
            throw Unknown(task);
        CheckKey(group, key);

        var loop = group is null ? null : Read(group, key);
        var (name, text) = (group?.Name ?? task, loop?.Key ?? (key is null ? null : LoopName.IdentifyKey(key)));
        var near = NearbyEntries.Find(
            loop?.Records ?? [], instant, isComplete: true, isAll: loop is { KeepsRecords: true, IsCut: false });
        if (store is null)
            return Explain(loop, near, hasStore: false, note: null);

        var (stored, error) = await TryReadAsync(name, text, instant, cancellationToken).ConfigureAwait(false);
        if (stored is null)
            return Explain(loop, near, hasStore: false,
                $"the store did not answer ({error}), so only records in memory were read");
        if (group is null && stored.IsEmpty && !await HasAnyAsync(name, cancellationToken).ConfigureAwait(false))
            throw Unknown(task);
        return Explain(loop, stored.With(near), hasStore: true, note: null);

        SlotExplanation Explain(LoopFacts? known, NearbyEntries entries, bool hasStore, string? note) => known is null
            ? StoredExplainer.Explain(name, text, entries, instant, isKeyUnknown: group is not null, note)
            : new SlotExplainer(known, entries, instant, hasStore, note).Explain();
    }

    public async ValueTask EraseAsync(string task, object key, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(task);
        ArgumentNullException.ThrowIfNull(key);
        cancellationToken.ThrowIfCancellationRequested();
        var group = Find(task);
        CheckKey(group, key);
        if (group is null
            && (store is null || !await HasAnyAsync(task, cancellationToken).ConfigureAwait(false)))
            throw Unknown(task);
        (group as KeyedLoops)?.EraseRecords(key);
        if (session is not null)
        {
            await session.EraseAsync(group?.Name ?? task, LoopName.ReadKey(key) ?? "", cancellationToken).ConfigureAwait(false);
        }
    }

    private IReadOnlyList<TaskGroup> All
    {
        get
        {
            _ = PublicTasks.All; // enters the registered tasks before the host has started
            return tasks.All;
        }
    }

    private TaskGroup? Find(string name) => PublicTasks.Find(name) is null ? null : tasks.FindEntered(name);

    private LoopFacts? Read(TaskGroup group, object? key) => group switch
    {
        TaskLoop loop => LoopReader.Read(loop, time.GetUtcNow()),
        KeyedLoops all => all.FindLoop(key!) is { IsNone: false } id ? LoopReader.Read(all, id, time.GetUtcNow()) : null,
        _ => null,
    };

    private static void CheckKey(TaskGroup? group, object? key)
    {
        if (group is KeyedLoops && key is null)
        {
            throw new ArgumentException(
                $"Recurring task '{group.Name}' has a loop per key, and no key was given. Give a key, or query the "
                    + "history of the task.",
                nameof(key));
        }
        if (group is TaskLoop && key is not null)
        {
            throw new ArgumentException(
                $"Recurring task '{group.Name}' has no keys, but the key '{LoopName.FormatKey(key)}' was given. Leave it out.",
                nameof(key));
        }
    }

    // Without a session in the tools of the store, which have no host.
    private ValueTask<T> CallAsync<T>(
        Func<IRecurringTaskStore, CancellationToken, ValueTask<T>> call, CancellationToken cancellationToken) =>
        session is null ? call(store!, cancellationToken) : new(session.CallAsync(call, cancellationToken));

    private ValueTask<bool> HasAnyAsync(string task, CancellationToken cancellationToken) =>
        CallAsync((stored, token) => StoredEntries.HasAnyAsync(stored, task, token), cancellationToken);

    private async ValueTask<(NearbyEntries? Found, string? Error)> TryReadAsync(
        string task, string? key, DateTimeOffset instant, CancellationToken cancellationToken)
    {
        try
        {
            var found = await CallAsync(
                (stored, token) => StoredEntries.FindAsync(stored, task, key, instant, token), cancellationToken)
                .ConfigureAwait(false);
            return (found, null);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            // A store may throw anything. Why a task did not run is asked most when the database is down.
            return (null, AbsenceText.Trim(ErrorText.Format(error)!));
        }
    }

    private KeyNotFoundException Unknown(string name) =>
        UnknownTask.Create(name, All.Select(task => task.Name), hasStore: store is not null);
}

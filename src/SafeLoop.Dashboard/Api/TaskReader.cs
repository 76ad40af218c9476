using SafeLoop.Storage;

namespace SafeLoop.Dashboard;

/// <summary>Reads tasks for pages and for the API: those of this host, and those that only the store has.</summary>
internal sealed class TaskReader(IRecurringTasks tasks, StoredTasks.Snapshot stored, ErrorFilter errors)
{
    private const int UpcomingShown = 10;

    /// <summary>Reads a page of tasks, in the order of their names.</summary>
    /// <param name="text">Only tasks whose names contain this; null: all.</param>
    /// <param name="state">Only tasks in this state; null: all.</param>
    /// <param name="cursor">The last name of the page before; null: the first page.</param>
    /// <param name="pageSize">The most tasks of the page.</param>
    public TaskPage ReadPage(string? text, RecurringTaskState? state, string? cursor, int pageSize)
    {
        var here = tasks.All.ToDictionary(task => task.Name, StringComparer.OrdinalIgnoreCase);
        var found = here.Keys.Concat(stored.Tasks.Values.Select(task => task.TaskName).Where(name => !here.ContainsKey(name)))
            .Where(name => text is null || name.Contains(text, StringComparison.OrdinalIgnoreCase))
            .Where(name => cursor is null || StringComparer.OrdinalIgnoreCase.Compare(name, cursor) > 0)
            .Order(StringComparer.OrdinalIgnoreCase)
            .Select(name => here.TryGetValue(name, out var handle) ? Read(handle) : Read(stored.Tasks[name]))
            .Where(task => state is null || task.Snapshot.State == state)
            .Take(pageSize + 1)
            .ToList();
        var page = found.Take(pageSize).ToList();
        return new()
        {
            Tasks = page,
            Cursor = found.Count == page.Count ? null : page[^1].Name,
            Problem = stored.Problem,
        };
    }

    /// <summary>Reads a task or a key of this host.</summary>
    /// <param name="handle">Its handle.</param>
    public TaskSummary Read(RecurringTaskHandle handle)
    {
        var (options, snapshot) = (handle.Options, errors.Filter(handle.Snapshot()));
        return new()
        {
            Name = snapshot.Name,
            IsKeyed = snapshot.Keys is not null || snapshot.Key is not null,
            IsHere = true,
            Schedule = ScheduleWords.Describe(options),
            Zone = options.Cron is null ? null : options.TimeZone ?? "UTC",
            Snapshot = snapshot,
            Stored = snapshot.Key is null ? stored.Tasks.GetValueOrDefault(snapshot.Name) : null,
        };
    }

    /// <summary>Reads a task or a key that only the store has.</summary>
    public static TaskSummary Read(StoredLoop loop) => new()
    {
        Name = loop.TaskName,
        IsKeyed = loop.Key is not null,
        IsHere = false,
        Schedule = ScheduleWords.DescribeStored(loop.Schedule),
        Snapshot = StoredSnapshot.Of(loop),
        Stored = loop,
    };

    /// <summary>Reads one task or key of this host in full.</summary>
    /// <param name="handle">Its handle.</param>
    /// <param name="allowed">What the user may do to it.</param>
    public TaskDetail ReadDetail(RecurringTaskHandle handle, IReadOnlyList<TaskCommandKind> allowed) => new()
    {
        Task = Read(handle),
        Upcoming = handle.UpcomingSlots(UpcomingShown),
        Records = [.. handle.History.Reverse().Select(record => errors.Filter(record))],
        Allowed = allowed,
    };
}

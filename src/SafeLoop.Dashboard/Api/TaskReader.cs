namespace SafeLoop.Dashboard;

/// <summary>Reads tasks for pages and for the API.</summary>
internal sealed class TaskReader(IRecurringTasks tasks, ErrorFilter errors)
{
    private const int UpcomingShown = 10;

    /// <summary>Reads a page of tasks, in the order of their names.</summary>
    /// <param name="text">Only tasks whose names contain this; null: all.</param>
    /// <param name="state">Only tasks in this state; null: all.</param>
    /// <param name="cursor">The last name of the page before; null: the first page.</param>
    /// <param name="pageSize">The most tasks of the page.</param>
    public TaskPage ReadPage(string? text, RecurringTaskState? state, string? cursor, int pageSize)
    {
        var found = tasks.All
            .Where(task => text is null || task.Name.Contains(text, StringComparison.OrdinalIgnoreCase))
            .Where(task => cursor is null || StringComparer.OrdinalIgnoreCase.Compare(task.Name, cursor) > 0)
            .OrderBy(task => task.Name, StringComparer.OrdinalIgnoreCase)
            .Select(Read)
            .Where(task => state is null || task.Snapshot.State == state)
            .Take(pageSize + 1)
            .ToList();
        var page = found.Take(pageSize).ToList();
        return new() { Tasks = page, Cursor = found.Count == page.Count ? null : page[^1].Name };
    }

    /// <summary>Reads one task, or one key of it.</summary>
    /// <param name="handle">Its handle.</param>
    public TaskSummary Read(RecurringTaskHandle handle)
    {
        var (options, snapshot) = (handle.Options, errors.Filter(handle.Snapshot()));
        return new()
        {
            Name = snapshot.Name,
            IsKeyed = snapshot.Keys is not null || snapshot.Key is not null,
            Schedule = ScheduleWords.Describe(options),
            Zone = options.Cron is null ? null : options.TimeZone ?? "UTC",
            Snapshot = snapshot,
        };
    }

    /// <summary>Reads one task in full.</summary>
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

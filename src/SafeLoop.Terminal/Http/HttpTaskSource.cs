using System.Globalization;
using SafeLoop.Dashboard;

namespace SafeLoop.Terminal;

/// <summary>Tasks through the HTTP API of an application. docs/http-api.md describes it.</summary>
internal sealed class HttpTaskSource(ApiClient client) : ITaskSource
{
    private const int MostTasks = 10_000, PageSize = 1_000, MostPages = 100; // a page may be short

    public async Task<TaskList> ListAsync(string? text, CancellationToken cancellationToken)
    {
        var (tasks, notes) = (new List<TaskLine>(), new HashSet<string>());
        string? cursor = null;
        for (var pages = 0; pages == 0 || (cursor is not null && pages < MostPages && tasks.Count < MostTasks); pages++)
        {
            var page = await client.GetAsync(
                "tasks", [("text", text), ("cursor", cursor), ("pageSize", Write(PageSize))], TerminalJson.Default.TaskPage,
                cancellationToken);
            tasks.AddRange(page.Tasks.Select(TaskLine.From));
            if (page.Problem is { } problem)
                notes.Add(problem);
            cursor = page.Cursor;
        }
        if (cursor is not null)
            notes.Add($"Only the first {tasks.Count} tasks are shown. Give --text to see others.");
        return new() { Tasks = tasks, Notes = [.. notes] };
    }

    public async Task<NextSlots> FindAsync(string task, string? key, CancellationToken cancellationToken)
    {
        var detail = await client.GetAsync(
            "task", [("task", task), ("key", key)], TerminalJson.Default.TaskDetail, cancellationToken);
        var line = TaskLine.From(detail.Task);
        return new()
        {
            Task = line,
            Schedule = line.Schedule,
            Zone = detail.Upcoming.FirstOrDefault().Zone ?? line.Zone,
            Slots = detail.Upcoming,
            Notes = detail.Task.IsHere ? [] : [$"The host that answers does not have '{line.Name}', so its slots are not known."],
        };
    }

    public Task<SlotExplanation> ExplainAsync(
        string task, string? key, DateTimeOffset instant, string zone, CancellationToken cancellationToken) => client.GetAsync(
            "slot", [("task", task), ("key", key), ("at", Write(instant))], TerminalJson.Default.SlotExplanation,
            cancellationToken);

    public Task<HistoryPage> QueryHistoryAsync(HistoryQuery query, CancellationToken cancellationToken) => client.GetAsync(
        "history",
        [
            ("task", query.TaskName), ("key", query.Key), ("outcome", query.Outcome?.ToString()),
            ("reason", query.Reason?.ToString()), ("from", Write(query.From)), ("to", Write(query.To)),
            ("onlyUnsuccessful", query.OnlyUnsuccessful ? "true" : null), ("cursor", query.Cursor),
            ("pageSize", Write(query.PageSize)),
        ],
        TerminalJson.Default.HistoryPage, cancellationToken);

    public Task<SchedulePreview> PreviewAsync(
        string? task, string? cron, TimeSpan? every, string? zone, CancellationToken cancellationToken) => client.GetAsync(
            "preview",
            [("task", task), ("cron", cron), ("every", every?.ToString("c", CultureInfo.InvariantCulture)), ("zone", zone)],
            TerminalJson.Default.SchedulePreview, cancellationToken);

    public Task<TaskCommandStatus> SendAsync(TaskCommand command, CancellationToken cancellationToken) => client.PostAsync(
        PathOf(command.Kind),
        new()
        {
            Id = command.Id,
            Task = command.TaskName,
            Key = command.Key,
            Reason = command.Reason,
            Until = command.Until,
        },
        TerminalJson.Default.OperationBody, TerminalJson.Default.TaskCommandStatus, cancellationToken);

    public Task<TaskCommandStatus> FindCommandAsync(Guid id, CancellationToken cancellationToken) =>
        client.GetAsync("command", [("id", id.ToString())], TerminalJson.Default.TaskCommandStatus, cancellationToken);

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string PathOf(TaskCommandKind kind) =>
        kind is TaskCommandKind.RunNow ? "run" : kind.ToString().ToLowerInvariant();

    private static string Write(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string? Write(DateTimeOffset? instant) =>
        instant?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
}

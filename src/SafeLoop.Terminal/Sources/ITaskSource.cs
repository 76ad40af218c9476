using SafeLoop.Dashboard;

namespace SafeLoop.Terminal;

/// <summary>
/// Where verbs read and operate tasks: the HTTP API of an application, or its store. Every failure is a
/// <see cref="ToolException"/>, whose sentence says where and what to do.
/// </summary>
internal interface ITaskSource : IAsyncDisposable
{
    /// <summary>Lists the tasks whose names contain a text, by name. Null: all.</summary>
    Task<TaskList> ListAsync(string? text, CancellationToken cancellationToken);

    /// <summary>Finds a task, or a key of one, with its zone and its next slots.</summary>
    Task<NextSlots> FindAsync(string task, string? key, CancellationToken cancellationToken);

    /// <summary>Explains an instant.</summary>
    /// <param name="task">The name of the task.</param>
    /// <param name="key">The text of the key; null: none.</param>
    /// <param name="instant">The instant.</param>
    /// <param name="zone">The zone of the sentence. An application writes its sentences in the zone of the task.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<SlotExplanation> ExplainAsync(
        string task, string? key, DateTimeOffset instant, string zone, CancellationToken cancellationToken);

    /// <summary>Reads a page of the history.</summary>
    Task<HistoryPage> QueryHistoryAsync(HistoryQuery query, CancellationToken cancellationToken);

    /// <summary>Previews a schedule, alone or for a task.</summary>
    Task<SchedulePreview> PreviewAsync(
        string? task, string? cron, TimeSpan? every, string? zone, CancellationToken cancellationToken);

    /// <summary>Sends a command.</summary>
    /// <returns>What has become of it so far.</returns>
    Task<TaskCommandStatus> SendAsync(TaskCommand command, CancellationToken cancellationToken);

    /// <summary>Finds a command.</summary>
    Task<TaskCommandStatus> FindCommandAsync(Guid id, CancellationToken cancellationToken);
}

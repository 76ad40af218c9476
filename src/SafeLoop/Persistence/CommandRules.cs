using System.Globalization;

namespace SafeLoop;

/// <summary>Checks commands and queries of the log.</summary>
/// <param name="tasks">The tasks of this host.</param>
/// <param name="format">Reads the options of a change.</param>
/// <param name="time">The clock.</param>
internal sealed class CommandRules(IRecurringTasks tasks, IOptionsFormat format, TimeProvider time)
{
    private const int LongestReason = 1000, LongestName = 200, MostCommands = 1000;

    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(7);

    /// <summary>The task of a command on this host; null: it has none.</summary>
    public TaskGroup? Find(string name) => tasks.Find(name) is null ? null : ((RecurringTasks)tasks).FindEntered(name);

    /// <returns>The command without what only SafeLoop sets.</returns>
    /// <exception cref="ArgumentException">The command is invalid. The message is a sentence.</exception>
    public TaskCommand Check(TaskCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        if (FindMistake(command) is { } mistake)
            throw new ArgumentException(mistake, nameof(command));
        var group = Find(command.TaskName);
        if (FindMistake(command, group) is { } unfit)
            throw new ArgumentException(unfit, nameof(command));
        return command with
        {
            TaskName = group?.Name ?? command.TaskName,
            Options = IsEmpty(command.Options) ? null : command.Options,
            Fingerprint = command.Kind is TaskCommandKind.Change ? (group as TaskLoop)?.Fingerprint : null,
            Number = 0,
            Sent = default,
            Instance = Guid.Empty,
        };
    }

    /// <exception cref="ArgumentException">The query is invalid. The message is a sentence.</exception>
    public static void Check(TaskCommandQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        PageRules.CheckSize(query.PageSize, MostCommands);
        if (query.TaskName is { } name && string.IsNullOrWhiteSpace(name))
            throw new ArgumentException(
                "TaskName is empty. Set it to the name of a task, or to null for all tasks.", nameof(query));
    }

    /// <summary>The exception for a task that does not exist.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="hasStore">True: the store does not know it either.</param>
    public KeyNotFoundException Unknown(string name, bool hasStore) =>
        UnknownTask.Create(name, tasks.All.Select(task => task.Name), hasStore);

    private string? FindMistake(TaskCommand command) => command switch
    {
        { TaskName: var name } when string.IsNullOrWhiteSpace(name) =>
            "TaskName is empty. Set it to the name of a task.",
        { Id: var id } when id == Guid.Empty =>
            $"The Id of the command for task '{NameOf(command)}' is empty. Set it to a new Guid.",
        { Kind: var kind } when !Enum.IsDefined(kind) =>
            $"Kind {(int)kind} of the command for task '{NameOf(command)}' does not exist. Use one of {nameof(TaskCommandKind)}.",
        { Kind: TaskCommandKind.Erase } =>
            $"SendAsync does not erase keys. Call {nameof(IRecurringTaskHistory)}.EraseAsync for task '{NameOf(command)}'.",
        { Reason.Length: > LongestReason } => TooLong(command, nameof(command.Reason), command.Reason.Length, LongestReason),
        { By.Length: > LongestName } => TooLong(command, nameof(command.By), command.By.Length, LongestName),
        { ExpiresAfter: var wait } when wait <= TimeSpan.Zero || wait > LongestWait =>
            $"ExpiresAfter must be more than zero and at most {LongestWait.Days} days; it is {wait:c} in the command for task "
                + $"'{NameOf(command)}'. Set it to how long a host may take to begin.",
        { Options: not null, Kind: not TaskCommandKind.Change } =>
            $"Options are those of a change; the command for task '{NameOf(command)}' is {command.Kind}. Leave them out.",
        { Options.Length: > StoredOptions.LongestOptions } =>
            TooLong(command, nameof(command.Options), command.Options.Length, StoredOptions.LongestOptions),
        { Options: { } options } when FindMistake(options) is { } mistake =>
            $"The change of task '{NameOf(command)}' cannot be used: {DidYouMean.End(mistake)}",
        { Until: not null, Kind: not TaskCommandKind.Pause } =>
            $"Until is the end of a pause; the command for task '{NameOf(command)}' is {command.Kind}. Leave Until out.",
        { Until: { } until } when until <= time.GetUtcNow() => string.Create(
            CultureInfo.InvariantCulture,
            $"Until ({until:O}) is past in the pause of task '{NameOf(command)}'. Set it to a later instant, or to null."),
        _ => null,
    };

    private static string? FindMistake(TaskCommand command, TaskGroup? group) => group switch
    {
        TaskLoop when command.Key is { } key =>
            $"Recurring task '{group.Name}' has no keys, but the command names the key '{Printable.Escape(key)}'. Leave it out.",
        TaskLoop loop when command is { Kind: TaskCommandKind.Change, Options: { } options }
            && loop.FindMistakeOfChange(options) is { } why =>
            $"The change of task '{group.Name}' cannot be used: {why}",
        KeyedLoops when command.Kind is TaskCommandKind.Change =>
            $"Recurring task '{group.Name}' has a loop per key, whose options no command can change. Change its configuration.",
        KeyedLoops when command.Key is null
            && command.Kind is not (TaskCommandKind.Pause or TaskCommandKind.Resume or TaskCommandKind.Cancel) =>
            $"Recurring task '{group.Name}' has a loop per key, and {command.Kind} needs one loop. Set Key to the text of a key.",
        _ => null,
    };

    // Whether the options as a whole are valid, each host that has the task decides: hosts may have different versions.
    private string? FindMistake(string options) =>
        string.Join(". ", format.Apply(new RecurringTaskOptions(), options)) is { Length: > 0 } mistakes ? mistakes : null;

    private static bool IsEmpty(string? options) => string.IsNullOrWhiteSpace(options?.Trim().TrimStart('{').TrimEnd('}'));

    private static string TooLong(TaskCommand command, string property, int length, int longest) => string.Create(
        CultureInfo.InvariantCulture,
        $"{property} of the command for task '{NameOf(command)}' has {length:N0} characters; at most {longest:N0} are stored.")
        + " Shorten it.";

    private static string NameOf(TaskCommand command) => Printable.Escape(command.TaskName);
}

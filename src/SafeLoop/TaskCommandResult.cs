namespace SafeLoop;

/// <summary>How a command ended on one host.</summary>
public sealed record TaskCommandResult
{
    internal const string NoTask = "no such task", NoKey = "no such key", HasNoKeys = "the task has no keys",
        NeedsKey = " needs a key: the task has a loop per key",
        KeyedOptions = "the options of a task with a loop per key cannot be changed by a command";

    /// <summary>The id of the host.</summary>
    public required Guid Instance { get; init; }

    /// <summary>The name of its machine, set by the store; null: unknown.</summary>
    public string? Host { get; init; }

    /// <summary>When, on the clock of the database; set by the store.</summary>
    public DateTimeOffset Ended { get; init; }

    /// <summary>
    /// False when the host could not execute it: it does not have the task or the key, or refused the command.
    /// </summary>
    public required bool IsExecuted { get; init; }

    /// <summary>
    /// How it ended: <c>Succeeded</c> or another outcome with its reason for a run, otherwise a few words such as <c>paused</c>
    /// or <c>no such task</c>.
    /// </summary>
    public required string Text { get; init; }

    /// <summary>True when the command does not fit the task, so that every host that has the task refuses it.</summary>
    internal bool IsUnfit => !IsExecuted
        && (Text is HasNoKeys or KeyedOptions || Text.EndsWith(NeedsKey, StringComparison.Ordinal));
}

namespace SafeLoop;

/// <summary>Commands through the store, to all hosts of the application.</summary>
internal sealed class StoredTaskCommands(CommandRules rules, StoreSession session) : IRecurringTaskCommands
{
    public async Task SendAsync(TaskCommand command, CancellationToken cancellationToken = default)
    {
        command = rules.Check(command);
        if (!await session.CallAsync((store, token) => store.AddCommandAsync(command, token), cancellationToken)
            .ConfigureAwait(false))
        {
            throw rules.Find(command.TaskName) is null
                ? rules.Unknown(command.TaskName, hasStore: true)
                : new InvalidOperationException(
                    $"Recurring task '{command.TaskName}' is not in the store yet, because this host is only starting. Send the "
                    + "command again when it has started.");
        }
        session.ReadCommandsSoon();
    }

    public Task<TaskCommandStatus?> FindAsync(Guid id, CancellationToken cancellationToken = default) =>
        session.CallAsync((store, token) => store.FindCommandAsync(id, token), cancellationToken);

    public Task<TaskCommandPage> QueryAsync(TaskCommandQuery query, CancellationToken cancellationToken = default)
    {
        CommandRules.Check(query);
        return session.CallAsync((store, token) => store.QueryCommandsAsync(query, token), cancellationToken);
    }
}

namespace SafeLoop;

/// <summary>
/// Sends commands to recurring tasks and reads their results. With a store, a command goes to all hosts of the application,
/// and the log of commands outlives them. Without one, it is executed on this host, and the last 1,000 are kept in memory.
/// </summary>
/// <threadsafety>All members may be used from any thread.</threadsafety>
/// <example><code>
/// var command = new TaskCommand { TaskName = "nightly", Kind = TaskCommandKind.RunNow, By = user, Reason = "Empty report." };
/// await commands.SendAsync(command);
/// TaskCommandStatus? status = await commands.FindAsync(command.Id);
/// </code></example>
public interface IRecurringTaskCommands
{
    /// <summary>Sends a command.</summary>
    /// <param name="command">The command. Its number, time and host are set by SafeLoop, whatever they are here.</param>
    /// <param name="cancellationToken">
    /// Cancels the wait for the store. The command may have been stored all the same. It never reaches a step.
    /// </param>
    /// <returns>
    /// A task that completes when the command is stored. Hosts execute it within about five seconds. Without a store, when it
    /// is executed; a run has then begun.
    /// </returns>
    /// <remarks>
    /// When it throws because the store did not answer, the command may have been stored. Send it again with the same
    /// <see cref="TaskCommand.Id"/>: it is executed once.
    /// </remarks>
    /// <exception cref="ArgumentException">
    /// The name is empty, a text is too long, the end of the pause is past, or another value is invalid.
    /// </exception>
    /// <exception cref="KeyNotFoundException">
    /// There is no task of this name, on this host or in the store. Without a store, also when it has no such key.
    /// </exception>
    /// <exception cref="InvalidOperationException">There is no store, and the host has not started.</exception>
    /// <exception cref="TimeoutException">The store has not answered within 15 seconds.</exception>
    Task SendAsync(TaskCommand command, CancellationToken cancellationToken = default);

    /// <summary>Finds a command and its results.</summary>
    /// <param name="id">The id of the command.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    /// <returns>Null when there is none, or it is not kept any more.</returns>
    Task<TaskCommandStatus?> FindAsync(Guid id, CancellationToken cancellationToken = default);

    /// <summary>Reads the log of commands, newest first.</summary>
    /// <param name="query">The filter and the page.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    /// <exception cref="ArgumentException">The page size or the cursor is invalid.</exception>
    Task<TaskCommandPage> QueryAsync(TaskCommandQuery query, CancellationToken cancellationToken = default);
}

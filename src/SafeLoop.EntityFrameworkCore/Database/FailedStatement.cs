using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace SafeLoop.EntityFrameworkCore;

/// <summary>
/// Notes the statement with its error: a database names the table to which a role has no right, but not the right.
/// </summary>
internal sealed class FailedStatement : DbCommandInterceptor
{
    public static readonly FailedStatement Instance = new();

    private const string Key = "SafeLoop.Statement";

    /// <summary>The statement that has failed; null: unknown.</summary>
    public static string? Of(Exception error) => error.Data[Key] as string;

    public override void CommandFailed(DbCommand command, CommandErrorEventData eventData) =>
        eventData.Exception.Data[Key] = command.CommandText;

    public override Task CommandFailedAsync(
        DbCommand command, CommandErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        CommandFailed(command, eventData);
        return Task.CompletedTask;
    }
}

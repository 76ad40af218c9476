using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace SafeLoop.EntityFrameworkCore.Tests;

/// <summary>Records statements instead of executing them, and answers with as many rows as a test says.</summary>
internal sealed class StatementRecorder : DbCommandInterceptor
{
    public List<string> Statements { get; } = [];

    /// <summary>How many rows there are: 0 or 1. What is inserted always comes back with its key.</summary>
    public int Rows { get; set; }

    public override InterceptionResult<DbCommand> CommandCreating(
        CommandCorrelatedEventData eventData, InterceptionResult<DbCommand> result) =>
        InterceptionResult<DbCommand>.SuppressWithResult(new LooseCommand());

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result,
        CancellationToken cancellationToken = default)
    {
        Statements.Add(command.CommandText);
        return new(InterceptionResult<int>.SuppressWithResult(Rows));
    }

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result,
        CancellationToken cancellationToken = default)
    {
        Statements.Add(command.CommandText);
        var rows = IsAlwaysAnswered(command.CommandText) ? 1 : Rows;
        return new(InterceptionResult<DbDataReader>.SuppressWithResult(new AnyRows(rows)));
    }

    private static bool IsAlwaysAnswered(string sql) => sql.Contains("INSERT", StringComparison.Ordinal)
        || sql.Contains("SYSUTCDATETIME", StringComparison.Ordinal) || sql.Contains("OBJECT_ID", StringComparison.Ordinal)
        || sql.Contains("_schema]", StringComparison.Ordinal);
}

using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace SafeLoop.Dashboard.Tests;

/// <summary>Counts what is asked of a database, and fails it when it is to be down.</summary>
internal sealed class StatementCounter : DbCommandInterceptor
{
    private int _reads;

    /// <summary>How many statements have read from the history or the tasks.</summary>
    public int Reads => Volatile.Read(ref _reads);

    /// <summary>True: the database is down.</summary>
    public bool IsDown { get; set; }

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<DbDataReader> result,
        CancellationToken cancellationToken = default)
    {
        if (IsDown)
            throw new TimeoutException("The database is down.");
        if (command.CommandText.StartsWith("SELECT", StringComparison.Ordinal)
            && (command.CommandText.Contains("_history", StringComparison.Ordinal)
                || command.CommandText.Contains("_task", StringComparison.Ordinal)))
            Interlocked.Increment(ref _reads);
        return new(result);
    }

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<int> result,
        CancellationToken cancellationToken = default) =>
        IsDown ? throw new TimeoutException("The database is down.") : new(result);

    public override ValueTask<InterceptionResult<object>> ScalarExecutingAsync(
        DbCommand command,
        CommandEventData eventData,
        InterceptionResult<object> result,
        CancellationToken cancellationToken = default) =>
        IsDown ? throw new TimeoutException("The database is down.") : new(result);
}

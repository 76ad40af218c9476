using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace SafeLoop.EntityFrameworkCore.Tests.Crash;

/// <summary>
/// Reports each point at which the process of a call talks to the database: before and after a statement, before a transaction
/// begins, before its commit, and after it, when the answer is lost.
/// </summary>
internal sealed class CutInterceptor : IDbCommandInterceptor, IDbTransactionInterceptor, IDbConnectionInterceptor
{
    public ValueTask<InterceptionResult> ConnectionOpeningAsync(
        DbConnection connection, ConnectionEventData eventData, InterceptionResult result,
        CancellationToken cancellationToken = default) => Before(result, "the connection");

    public ValueTask<InterceptionResult<DbTransaction>> TransactionStartingAsync(
        DbConnection connection, TransactionStartingEventData eventData, InterceptionResult<DbTransaction> result,
        CancellationToken cancellationToken = default) => Before(result, "the transaction");

    public ValueTask<InterceptionResult> TransactionCommittingAsync(
        DbTransaction transaction, TransactionEventData eventData, InterceptionResult result,
        CancellationToken cancellationToken = default) => Before(result, "the commit");

    public Task TransactionCommittedAsync(
        DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        LifeCall.Current?.Reach(PointKind.AfterCommit, "the commit");
        return Task.CompletedTask;
    }

    public ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result,
        CancellationToken cancellationToken = default) => Before(result, command.CommandText);

    public async ValueTask<DbDataReader> ReaderExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, DbDataReader result,
        CancellationToken cancellationToken = default)
    {
        try
        {
            return After(result, command);
        }
        catch (CutException)
        {
            await result.DisposeAsync(); // or the connection could not roll back
            throw;
        }
    }

    public ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result,
        CancellationToken cancellationToken = default) => Before(result, command.CommandText);

    public ValueTask<int> NonQueryExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, int result, CancellationToken cancellationToken = default) =>
        new(After(result, command));

    public ValueTask<InterceptionResult<object>> ScalarExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<object> result,
        CancellationToken cancellationToken = default) => Before(result, command.CommandText);

    public ValueTask<object?> ScalarExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, object? result,
        CancellationToken cancellationToken = default) => new(After(result, command));

    private static ValueTask<T> Before<T>(T result, string what)
    {
        LifeCall.Current?.Reach(PointKind.Before, what);
        return new(result);
    }

    private static T After<T>(T result, DbCommand command)
    {
        LifeCall.Current?.Reach(PointKind.AfterStatement, command.CommandText);
        return result;
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace SafeLoop.EntityFrameworkCore;

/// <summary>Runs work on pooled contexts, within a transaction or without.</summary>
internal sealed class StoreDatabase(DbContextOptions<StoreContext> options, Dialect dialect, bool ownsTables)
{
    private const int MostAttempts = 3;

    private readonly PooledDbContextFactory<StoreContext> _contexts = new(options);

    public Dialect Dialect => dialect;

    /// <summary>True when we create the tables; false when the application's migrations do.</summary>
    public bool OwnsTables => ownsTables;

    /// <summary>
    /// Runs work in a transaction. It runs again when another host has inserted the same row meanwhile, when the database has
    /// ended the transaction because of a deadlock, or as often as the application's retry strategy says. So the work must be
    /// idempotent: the result of a commit may be lost.
    /// </summary>
    /// <exception cref="StoreFailureException">The database failed.</exception>
    public Task<T> RunAsync<T>(Func<StoreContext, CancellationToken, Task<T>> work, CancellationToken cancellationToken) =>
        ExecuteAsync((db, cancel) => InTransactionAsync(db, work, cancel), cancellationToken);

    /// <summary>Runs statements that need no transaction of their own.</summary>
    /// <exception cref="StoreFailureException">The database failed.</exception>
    public Task<T> ReadAsync<T>(Func<StoreContext, CancellationToken, Task<T>> work, CancellationToken cancellationToken) =>
        ExecuteAsync(work, cancellationToken);

    // Npgsql asks the server to cancel a statement, blocks the thread that cancels meanwhile, and goes on waiting for its command
    // timeout where the server hangs. Neither may delay a host that stops or a time limit that ends.
    private async Task<T> ExecuteAsync<T>(
        Func<StoreContext, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        var source = new CancellationTokenSource(); // not disposed: a call that hangs outlives this method
        using var registration = cancellationToken.UnsafeRegister(
            static source => _ = ((CancellationTokenSource)source!).CancelAsync(), source);
        var call = CallAsync(work, source.Token);
        try
        {
            return await call.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (!call.IsCompleted)
                _ = call.ContinueWith(
                    static call => _ = call.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted,
                    TaskScheduler.Default); // observed, because it may fail when it ends at last
        }
    }

    private async Task<T> CallAsync<T>(
        Func<StoreContext, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        await using var db = await _contexts.CreateDbContextAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await db.Database.CreateExecutionStrategy()
                .ExecuteAsync(cancel => work(db, cancel), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (StoreFailureException.From(error, db) is { } failure)
        {
            throw failure;
        }
    }

    private static async Task<T> InTransactionAsync<T>(
        StoreContext db, Func<StoreContext, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            db.ChangeTracker.Clear();
            try
            {
                await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
                var result = await work(db, cancellationToken).ConfigureAwait(false);
                await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
                return result;
            }
            catch (Exception error) when (attempt < MostAttempts && (error is DbUpdateException || IsDeadlock(error)))
            {
                // Whether another host has inserted the row is read from the row, not from the error.
            }
        }
    }

    private static bool IsDeadlock(Exception error) => StoreFailureException.CauseOf(error) is { } cause
        && (cause.SqlState is "40P01" or "40001" || SqlServerError.NumberOf(cause) is "1205");
}

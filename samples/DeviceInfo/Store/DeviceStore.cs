using DeviceInfo.Device;
using Microsoft.Data.Sqlite;

namespace DeviceInfo.Store;

/// <summary>
/// Keeps device readings in one SQLite file. Safe for concurrent use; every call throws
/// <see cref="DeviceStoreException"/> when the file cannot be used.
/// </summary>
/// <example><code>
/// using var store = new DeviceStore("device-info.db");
/// await store.CreateAsync(cancellationToken);
/// await store.SaveAsync(reader.Read(), cancellationToken);
/// </code></example>
internal sealed class DeviceStore : IDisposable
{
    private readonly TimeSpan _patience;
    private readonly string _connectionString;
    private long _rowsWritten;

    /// <param name="path">The file; created when it does not exist, in a directory that must.</param>
    /// <param name="patience">How long a call waits for another program's lock, in whole seconds. Default: 2 s, well
    /// inside the time a host has to stop.</param>
    public DeviceStore(string path, TimeSpan? patience = null)
    {
        Path = System.IO.Path.GetFullPath(path);
        _patience = patience ?? TimeSpan.FromSeconds(2);
        _connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = Path,
            ForeignKeys = true,
            DefaultTimeout = Math.Max(1, (int)_patience.TotalSeconds), // to SQLite, 0 is for ever
        }.ToString();
    }

    /// <summary>The full name of the file.</summary>
    public string Path { get; }

    /// <summary>Rows written by this process.</summary>
    public long RowsWritten => Interlocked.Read(ref _rowsWritten);

    /// <summary>
    /// Creates what is missing, and proves that the file can be written now rather than in the first iteration.
    /// </summary>
    public async Task CreateAsync(CancellationToken cancellationToken)
    {
        await KeepJournalAsync(cancellationToken);
        await UseAsync(
            async connection =>
            {
                // Takes the write lock at once, also when every table exists already.
                await using var transaction = connection.BeginTransaction();
                await connection.ExecuteAsync(DeviceSchema.Tables, cancellationToken);
                await transaction.CommitAsync(cancellationToken);
                return true;
            },
            cancellationToken);
    }

    /// <summary>Writes the reading and all its parts, or nothing.</summary>
    public async Task SaveAsync(DeviceReading reading, CancellationToken cancellationToken)
    {
        await UseAsync(connection => ReadingRows.InsertAsync(connection, reading, cancellationToken), cancellationToken);
        Interlocked.Add(ref _rowsWritten, reading.Rows);
    }

    /// <summary>Deletes the readings taken before <paramref name="instant"/>, with their parts.</summary>
    /// <returns>How many readings went.</returns>
    public Task<int> PruneAsync(DateTimeOffset instant, CancellationToken cancellationToken) =>
        UseAsync(
            connection => connection.ExecuteAsync(
                "DELETE FROM reading WHERE read_at < $before", cancellationToken, ("$before", instant.ToUnixTimeMilliseconds())),
            cancellationToken);

    public Task<long> CountReadingsAsync(CancellationToken cancellationToken) =>
        UseAsync(connection => connection.ScalarAsync("SELECT count(*) FROM reading", cancellationToken), cancellationToken);

    /// <summary>Closes the pooled connections, so that the file can be moved or deleted.</summary>
    public void Dispose()
    {
        using var connection = new SqliteConnection(_connectionString);
        SqliteConnection.ClearPool(connection);
    }

    // Two programs that create the file together stand in each other's way, and, as both try again every 150 ms, may go on doing
    // so. So each starts anew, at a time of its own.
    private async Task KeepJournalAsync(CancellationToken cancellationToken)
    {
        for (var second = 1; ; second++)
        {
            try
            {
                await UseAsync(
                    connection =>
                    {
                        connection.DefaultTimeout = 1;
                        return connection.ExecuteAsync(DeviceSchema.Journal, cancellationToken);
                    },
                    cancellationToken);
                return;
            }
            catch (DeviceStoreException error) when (error.IsBusy && second < _patience.TotalSeconds)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(Environment.ProcessId % 150), TimeProvider.System, cancellationToken);
            }
        }
    }

    private async Task<T> UseAsync<T>(Func<SqliteConnection, Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new SqliteConnection(_connectionString);
            await connection.OpenAsync(cancellationToken);
            return await work(connection);
        }
        catch (SqliteException error)
        {
            throw DeviceStoreException.From(error, Path, _patience);
        }
    }
}

using DeviceInfo.Device;
using DeviceInfo.Store;
using Microsoft.Data.Sqlite;
using Samples.Tests.Support;

namespace Samples.Tests.DeviceInfo.Store;

public sealed class DeviceStoreTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryDirectory _directory = new();
    private readonly DeviceStore _store;

    public DeviceStoreTests() => _store = new DeviceStore(_directory.File("devices.db"), patience: TimeSpan.FromSeconds(1));

    [Fact]
    public async Task Two_that_create_it_at_the_same_time_do_not_wait_for_each_other_for_ever()
    {
        for (var n = 0; n < 10; n++)
        {
            var path = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(_store.Path)!, $"{n}.db");
            using DeviceStore one = new(path), other = new(path);
            using var both = new Barrier(2);
            await Task.WhenAll(Create(one, both), Create(other, both));
        }

        static Task Create(DeviceStore store, Barrier both) => Task.Run(async () =>
        {
            both.SignalAndWait();
            await store.CreateAsync(default);
        });
    }

    [Fact]
    public async Task A_saved_reading_is_stored_with_all_its_parts()
    {
        await _store.CreateAsync(default);

        await _store.SaveAsync(Reading(Noon), default);

        Assert.Equal([Noon.ToUnixTimeMilliseconds(), 0.25, 1000L, 400L],
            Row("SELECT read_at, cpu_load, memory_total, memory_available FROM reading"));
        Assert.Equal([1L, "/", "ext4", 100L, 40L], Row("SELECT * FROM disk"));
        Assert.Equal([1L, "eth0", 1L, 7L, 8L], Row("SELECT * FROM network_interface"));
        Assert.Equal([1L, "cpu", 48.5], Row("SELECT * FROM temperature"));
        Assert.Equal(4, _store.RowsWritten);
    }

    [Fact]
    public async Task What_the_system_did_not_report_is_stored_as_null()
    {
        await _store.CreateAsync(default);

        await _store.SaveAsync(Reading(Noon) with { CpuLoad = null, Memory = new MemoryReading(1000, null) }, default);

        Assert.Equal([DBNull.Value, DBNull.Value], Row("SELECT cpu_load, memory_available FROM reading"));
    }

    [Fact]
    public async Task Pruning_deletes_older_readings_and_their_parts_only()
    {
        await _store.CreateAsync(default);
        await _store.SaveAsync(Reading(Noon.AddMinutes(-1)), default);
        await _store.SaveAsync(Reading(Noon), default);

        Assert.Equal(1, await _store.PruneAsync(Noon, default));

        Assert.Equal(1, await _store.CountReadingsAsync(default));
        Assert.Equal([1L, 1L, 1L], Row(
            "SELECT (SELECT count(*) FROM disk), (SELECT count(*) FROM network_interface), (SELECT count(*) FROM temperature)"));
    }

    [Fact]
    public async Task Creating_twice_keeps_what_is_there()
    {
        await _store.CreateAsync(default);
        await _store.SaveAsync(Reading(Noon), default);

        await _store.CreateAsync(default);

        Assert.Equal(1, await _store.CountReadingsAsync(default));
    }

    [Fact]
    public async Task A_database_locked_by_another_program_is_a_sentence_and_writes_nothing()
    {
        await _store.CreateAsync(default);
        await using (var other = Open())
        {
            Execute(other, "BEGIN EXCLUSIVE");

            var error = await Assert.ThrowsAsync<DeviceStoreException>(() => _store.SaveAsync(Reading(Noon), default));

            Assert.Equal(
                $"The database '{_directory.File("devices.db")}' is locked by another program; waited 1 s for it. " +
                "Close that program, or choose another file with --database PATH.",
                error.Message);
            Execute(other, "ROLLBACK");
        }

        Assert.Equal(0, _store.RowsWritten);
        Assert.Equal(0, await _store.CountReadingsAsync(default));
    }

    [Fact]
    public async Task An_existing_database_that_is_locked_is_noticed_at_the_start()
    {
        await _store.CreateAsync(default);
        await using var other = Open();
        Execute(other, "BEGIN IMMEDIATE");

        Assert.Contains("is locked by another program", await CreationErrorAsync(_directory.File("devices.db")));
    }

    [Fact]
    public async Task A_part_that_cannot_be_written_takes_the_whole_reading_back()
    {
        await _store.CreateAsync(default);
        await using (var other = Open())
            Execute(other, "DROP TABLE temperature");

        await Assert.ThrowsAsync<DeviceStoreException>(() => _store.SaveAsync(Reading(Noon), default));

        Assert.Equal([0L, 0L], Row("SELECT (SELECT count(*) FROM reading), (SELECT count(*) FROM disk)"));
        Assert.Equal(0, _store.RowsWritten);
    }

    [Fact]
    public async Task A_directory_cannot_be_the_database()
    {
        Assert.Contains("is a directory. Name a file in it", await CreationErrorAsync(_directory.Root));
    }

    [Fact]
    public async Task A_database_in_a_missing_directory_cannot_be_created()
    {
        Assert.Contains("in a directory that does not exist", await CreationErrorAsync(_directory.File("missing/devices.db")));
    }

    [Fact]
    public async Task A_file_of_another_kind_is_refused_and_left_as_it_is()
    {
        var path =
            _directory.Write("notes.txt", "Shopping list, much longer than the header of a database.\n" + new string('x', 500));
        var before = File.ReadAllText(path);

        Assert.Contains("not an SQLite database", await CreationErrorAsync(path));
        Assert.Equal(before, File.ReadAllText(path));
    }

    public void Dispose()
    {
        _store.Dispose();
        _directory.Dispose();
    }

    private static async Task<string> CreationErrorAsync(string path)
    {
        using var store = new DeviceStore(path, TimeSpan.FromSeconds(1));
        return (await Assert.ThrowsAsync<DeviceStoreException>(() => store.CreateAsync(default))).Message;
    }

    private static DeviceReading Reading(DateTimeOffset at) => new(
        at,
        0.25,
        new MemoryReading(1000, 400),
        [new DiskReading("/", "ext4", 100, 40)],
        [new InterfaceReading("eth0", IsUp: true, 7, 8)],
        [new TemperatureReading("cpu", 48.5)]);

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={_directory.File("devices.db")};Pooling=False");
        connection.Open();
        return connection;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private object[] Row(string sql)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        Assert.True(reader.Read());
        var values = new object[reader.FieldCount];
        reader.GetValues(values);
        Assert.False(reader.Read());
        return values;
    }
}

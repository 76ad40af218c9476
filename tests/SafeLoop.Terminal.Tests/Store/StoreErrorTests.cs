using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SafeLoop.Storage;

namespace SafeLoop.Terminal.Tests.Store;

public sealed class StoreErrorTests(StoredHost host) : IClassFixture<StoredHost>
{
    [Theory]
    [InlineData("Data Source=/no/such/file.db", TaskExitCode.Failed, "There is no file '/no/such/file.db'.")]
    [InlineData("Host=127.0.0.1;Port=1;Database=app;Username=me;Password=s3cret", TaskExitCode.Failed,
        "The database of recurring tasks (app at tcp://127.0.0.1:1) has failed: Failed to connect to 127.0.0.1:1.")]
    [InlineData("Server=db;Initial Catalog=app;Integrated Security=true", TaskExitCode.Usage, "use safeloop --url")]
    [InlineData("Password=s3cret;Nonsense", TaskExitCode.Usage, "--store is no connection string of SQLite")]
    [InlineData("Host=db;Port=s3cret", TaskExitCode.Usage, "--store is no connection string of SQLite")]
    [InlineData("", TaskExitCode.Usage, "or set SAFELOOP_STORE")]
    public async Task A_wrong_store_is_a_sentence_without_its_password(string store, int code, string part)
    {
        var ran = await StoredHost.RunAsync(
            ["tasks"], TimeProvider.System, name => name == "SAFELOOP_STORE" ? store : null);

        Assert.Contains(part, ran.Errors);
        Assert.Equal(code, ran.Code);
        Assert.DoesNotContain("s3cret", ran.Errors);
        Assert.DoesNotContain("tries again", ran.Errors);
        Assert.False(File.Exists("/no/such/file.db"));
    }

    [Fact]
    public async Task A_file_that_is_no_database_and_one_without_tables_are_sentences()
    {
        var folder = Directory.CreateTempSubdirectory("safeloop-none-").FullName;
        try
        {
            var (empty, text) = (Path.Combine(folder, "empty.db"), Path.Combine(folder, "text.db"));
            await File.WriteAllTextAsync(empty, "");
            await File.WriteAllTextAsync(text, string.Concat(Enumerable.Repeat("No database. ", 100)));

            var none = await RunAsync("tasks", "--store", $"Data Source={empty}");
            var damaged = await RunAsync("tasks", "--store", $"Data Source={text}");

            Assert.StartsWith("The database has no tables of recurring tasks with these names.", none.Errors,
                StringComparison.Ordinal);
            Assert.Equal(0, new FileInfo(empty).Length);
            Assert.Contains("The file is damaged or no SQLite database", damaged.Errors);
            Assert.Equal((TaskExitCode.Failed, TaskExitCode.Failed), (none.Code, damaged.Code));
        }
        finally
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task What_is_not_there_has_a_code()
    {
        var task = await host.RunAsync("next", "nighty");
        var application = await host.RunAsync("tasks", "--application", "other");
        var command = await host.RunAsync("command", Guid.NewGuid().ToString());
        var prefix = await host.RunAsync("tasks", "--prefix", "other_");

        Assert.Contains("did you mean 'nightly'?", task.Errors);
        Assert.Contains("It has 'shop'.", application.Errors);
        Assert.Contains("There is no command with the id", command.Errors);
        Assert.Equal([7, 7, 7, 1], [task.Code, application.Code, command.Code, prefix.Code]);
    }

    [Fact]
    public async Task Why_fails_when_the_history_cannot_be_read()
    {
        var damaged = new StoredHost();
        await damaged.InitializeAsync();
        try
        {
            await using (var connection = new Microsoft.Data.Sqlite.SqliteConnection(damaged.ConnectionString))
            {
                await connection.OpenAsync();
                await using var drop = connection.CreateCommand();
                drop.CommandText = "DROP TABLE safeloop_history";
                await drop.ExecuteNonQueryAsync();
            }

            var ran = await damaged.RunAsync("why", "nightly", "--at", "03:00");

            Assert.Equal(TaskExitCode.Failed, ran.Code);
            Assert.Contains("The database of recurring tasks", ran.Errors);
            Assert.Contains("no such table: safeloop_history", ran.Errors);
            Assert.DoesNotContain("no record", ran.Output);
        }
        finally
        {
            await damaged.DisposeAsync();
        }
    }

    [Fact]
    public async Task Why_needs_a_key_where_the_task_has_a_loop_per_key_and_takes_none_elsewhere()
    {
        var missing = await host.RunAsync("why", "devices", "--at", "04:00");
        var superfluous = await host.RunAsync("why", "nightly", "--key", "north", "--at", "03:00");

        Assert.Equal("Recurring task 'devices' has a loop per key. Give --key, or read the history of all keys with 'history'.",
            missing.Errors.Trim());
        Assert.Equal("Recurring task 'nightly' has no keys. Leave --key 'north' out.", superfluous.Errors.Trim());
        Assert.Equal((TaskExitCode.Usage, TaskExitCode.Usage), (missing.Code, superfluous.Code));
    }

    [Fact]
    public async Task Of_several_applications_one_must_be_named()
    {
        await using var other = new StoreOfTwo();
        await other.InitializeAsync();

        var none = await RunAsync("tasks", "--store", other.ConnectionString);
        var one = await RunAsync("tasks", "--store", other.ConnectionString, "--application", "two");

        Assert.Equal("Several applications share the store. Name one with --application: 'one', 'two'.", none.Errors.Trim());
        Assert.Equal(TaskExitCode.Usage, none.Code);
        Assert.Contains("of two", one.Output);
        Assert.DoesNotContain("of one", one.Output);
    }

    private static Task<Ran> RunAsync(params string[] args) => StoredHost.RunAsync(args, new FakeTimeProvider(StoredHost.End));

    private sealed class StoreOfTwo : IAsyncDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("safeloop-two-").FullName;

        public string ConnectionString => $"Data Source={Path.Combine(_folder, "safeloop.db")}";

        public async Task InitializeAsync()
        {
            foreach (var name in (string[])["one", "two"])
            {
                await using var services = new ServiceCollection()
                    .AddRecurringTaskStore(db => db.UseSqlite(ConnectionString), name).BuildServiceProvider();
                var store = services.GetRequiredService<IRecurringTaskStore>();
                await store.ConnectAsync(
                    new() { Id = Guid.NewGuid(), Application = name, Host = "host", ProcessId = 1 }, default);
                await store.LoadAsync([new() { Name = $"of {name}", Schedule = "00:00:05" }], default);
            }
        }

        public ValueTask DisposeAsync()
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            Directory.Delete(_folder, recursive: true);
            return ValueTask.CompletedTask;
        }
    }
}

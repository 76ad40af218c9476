using SafeLoop.Store.Tool;

namespace SafeLoop.EntityFrameworkCore.Tests;

/// <summary>The tool safeloop-store on PostgreSQL. Its other tests run on SQLite, in SafeLoop.Terminal.Tests.</summary>
[Collection(PostgresCollection.Name)]
public sealed class PostgresToolTests(PostgresCluster cluster) : IAsyncDisposable
{
    private readonly PostgresDatabase _database = cluster.CreateDatabase();

    [Fact]
    public async Task It_reads_tasks_and_stores_a_pause()
    {
        var store = _database.CreateStore(hasOwnClock: false);
        await store.ConnectAsync(
            new() { Id = Guid.NewGuid(), Application = "shop", Host = "web-1", ProcessId = 7 }, CancellationToken.None);
        await store.LoadAsync([new() { Name = "nightly", Schedule = "0 3 * * * Europe/Berlin" }], CancellationToken.None);

        var (paused, _, _) = await RunAsync("pause", "nightly", "--reason", "Release.", "--by", "ann", "--timeout", "0");
        var (listed, output, errors) = await RunAsync("tasks");

        Assert.Equal((9, 0, ""), (paused, listed, errors)); // no host has executed the pause yet
        Assert.Contains("nightly  paused: Release. (by ann)  0 3 * * * Europe/Berlin", output);
        Assert.Contains("Running hosts: web-1 (process 7, heartbeat ", output);
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private async Task<(int Code, string Output, string Errors)> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = await StoreCommandLine.RunAsync(
            [.. args, "--store", _database.ConnectionString], _ => null, TimeProvider.System, CancellationToken.None, output,
            errors);
        return (code, output.ToString(), errors.ToString());
    }
}

using LocalServers;
using Npgsql;

namespace Replicas;

/// <summary>
/// Starts PostgreSQL and three replicas. Now and then it kills one in the middle of a step, and starts it again when another has
/// taken over.
/// </summary>
internal static class Stage
{
    private static readonly TimeSpan BetweenKills = TimeSpan.FromSeconds(5);
    private static readonly string[] Names = ["north", "east", "south"];

    /// <param name="kills">The number of kills, after which it ends when the last victim has saved again; null: no limit.</param>
    /// <param name="stop">Ends it.</param>
    public static async Task RunAsync(int? kills, CancellationToken stop)
    {
        using var server = new PostgresServer();
        server.Start();
        await CreateTableAsync(server);
        Console.WriteLine($"PostgreSQL runs on port {server.Port}, in a folder that is deleted at the end. Times are UTC.");

        var lines = new Lines();
        var replicas = Names.ToDictionary(name => name, Start);
        try
        {
            for (var turn = 0; turn != kills; turn++)
                await KillAsync(Names[turn % Names.Length]);
        }
        catch (OperationCanceledException)
        {
            // Ctrl+C
        }
        finally
        {
            Console.WriteLine("The replicas stop.");
            foreach (var replica in replicas.Values)
            {
                await replica.StopAsync();
                replica.Dispose();
            }
        }

        ReplicaProcess Start(string name) => new(name, server.ConnectionString(), lines);

        async Task KillAsync(string name)
        {
            await Task.Delay(BetweenKills, TimeProvider.System, stop);
            await lines.NextAsync(line => line.Contains($" {name} begins", StringComparison.Ordinal), stop);
            await replicas[name].KillAsync();
            Console.WriteLine($"          {name} was killed.");
            await lines.NextAsync(line => line.EndsWith(" saved", StringComparison.Ordinal), stop);
            replicas[name].Dispose();
            replicas[name] = Start(name);
            Console.WriteLine($"          {name} is started again.");
            await lines.NextAsync(line => line.EndsWith($" {name} saved", StringComparison.Ordinal), stop);
        }
    }

    private static async Task CreateTableAsync(PostgresServer server)
    {
        await using var dataSource = NpgsqlDataSource.Create(server.ConnectionString());
        await using var create = dataSource.CreateCommand(PriceStore.Schema);
        await create.ExecuteNonQueryAsync();
    }
}

using System.Diagnostics;
using LocalServers;
using Npgsql;

namespace Replicas;

/// <summary>Starts PostgreSQL and three replicas, and kills one now and then.</summary>
internal static class Stage
{
    private static readonly TimeSpan BetweenKills = TimeSpan.FromSeconds(7);
    private static readonly TimeSpan BeforeTheNext = TimeSpan.FromSeconds(2);

    public static async Task<int> RunAsync(CancellationToken stop)
    {
        using var server = new PostgresServer();
        server.Start();
        await CreateTableAsync(server);
        Console.WriteLine($"PostgreSQL runs on port {server.Port}, in a folder that is deleted at the end. Times are UTC.");

        var replicas = new[] { "north", "east", "south" }.ToDictionary(name => name, name => Start(name, server));
        try
        {
            await KillNowAndThenAsync(replicas, server, stop);
        }
        catch (OperationCanceledException)
        {
            Console.WriteLine("The replicas are told to stop.");
        }
        finally
        {
            foreach (var replica in replicas.Values)
                await StopAsync(replica);
        }
        return 0;
    }

    private static async Task KillNowAndThenAsync(Dictionary<string, Process> replicas, PostgresServer server, CancellationToken stop)
    {
        for (var turn = 0; ; turn++)
        {
            await Task.Delay(BetweenKills, TimeProvider.System, stop);
            var name = replicas.Keys.ElementAt(turn % replicas.Count);
            replicas[name].Kill();
            await replicas[name].WaitForExitAsync(CancellationToken.None);
            Console.WriteLine($"          {name} was killed.");
            await Task.Delay(BeforeTheNext, TimeProvider.System, stop);
            replicas[name] = Start(name, server);
            Console.WriteLine($"          {name} is started again.");
        }
    }

    private static Process Start(string name, PostgresServer server)
    {
        var assembly = typeof(Stage).Assembly.Location;
        return Process.Start(new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [assembly, "replica", name, server.ConnectionString()]))!;
    }

    private static async Task StopAsync(Process replica)
    {
        if (!replica.HasExited)
        {
            using var kill = Process.Start("kill", ["-TERM", replica.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync();
        }
        await replica.WaitForExitAsync();
        replica.Dispose();
    }

    private static async Task CreateTableAsync(PostgresServer server)
    {
        await using var dataSource = NpgsqlDataSource.Create(server.ConnectionString());
        await using var create = dataSource.CreateCommand(PriceStore.Schema);
        await create.ExecuteNonQueryAsync();
    }
}

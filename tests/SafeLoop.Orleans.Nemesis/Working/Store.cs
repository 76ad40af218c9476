using Npgsql;
using SafeLoop;
using StackExchange.Redis;

namespace ClusterNemesis.Working;

/// <summary>The stores of the shards, set up as the documentation says, with lengths that fit a short test.</summary>
internal static class Store
{
    public static IShardStore Create(string kind, int port)
    {
        if (kind == "postgres")
        {
            var server = $"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres;Timeout=3;Command Timeout=3";
            return new PostgresShardStore(NpgsqlDataSource.Create(server + ";Maximum Pool Size=10"), "nemesis");
        }
        var options = ConfigurationOptions.Parse(
            $"127.0.0.1:{port},abortConnect=false,connectTimeout=1000,syncTimeout=2000,asyncTimeout=2000");
        options.ReconnectRetryPolicy = new LinearRetry(250);
        var database = ConnectionMultiplexer.Connect(options).GetDatabase();
        return new RedisShardStore(
            async (command, arguments) => (string?)await database.ExecuteAsync(command, arguments), "nemesis");
    }
}

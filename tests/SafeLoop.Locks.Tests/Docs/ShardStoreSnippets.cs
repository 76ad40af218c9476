using Npgsql;
using StackExchange.Redis;

namespace SafeLoop.Locks.Tests.Docs;

/// <summary>The code of docs/shard-store.md.</summary>
internal static class ShardStoreSnippets
{
    public static IShardStore Postgres(string connectionString)
    {
        // snippet: postgres
        var store = new PostgresShardStore(NpgsqlDataSource.Create(connectionString), "shop");
        // end
        return store;
    }

    public static IShardStore Redis(IDatabase database)
    {
        // snippet: redis
        var store = new RedisShardStore(
            async (command, arguments) => (string?)await database.ExecuteAsync(command, arguments), "shop");
        // end
        return store;
    }
}

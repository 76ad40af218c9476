using System.Globalization;
using Npgsql;
using StackExchange.Redis;

namespace SafeLoop.Locks.Tests.Shards;

/// <summary>Sets the times of a shard store back, as if time had passed on the clock of its server.</summary>
internal static class ShardTimes
{
    private const string Script = """
        local expiry, cluster, shards = unpack(KEYS)
        local function back(time) return string.format('%.0f', time - ARGV[1]) end
        local expires = redis.call('ZRANGE', expiry, 0, -1, 'WITHSCORES')
        for n = 1, #expires, 2 do redis.call('ZADD', expiry, back(expires[n + 1]), expires[n]) end
        local noticed = redis.call('HGET', cluster, 'noticed')
        if noticed then redis.call('HSET', cluster, 'noticed', back(noticed)) end
        local rows = redis.call('HGETALL', shards)
        for n = 1, #rows, 2 do
            local row = cjson.decode(rows[n + 1])
            row.s = back(row.s)
            redis.call('HSET', shards, rows[n], cjson.encode(row))
        end
        """;

    public static RedisShardStore CreateRedis(IConnectionMultiplexer connection, string application)
    {
        var database = connection.GetDatabase();
        return new(async (command, arguments) => (string?)await database.ExecuteAsync(command, arguments), application);
    }

    public static async Task SetBackAsync(NpgsqlDataSource database, TimeSpan time)
    {
        await using var batch = database.CreateBatch();
        string[] sets = ["leases SET expires = expires", "clusters SET noticed = noticed", "shards SET since = since"];
        foreach (var set in sets)
        {
            var command = batch.CreateBatchCommand();
            command.CommandText = $"UPDATE safeloop_{set} - $1";
            command.Parameters.Add(new() { Value = time });
            batch.BatchCommands.Add(command);
        }
        await batch.ExecuteNonQueryAsync();
    }

    public static async Task SetBackAsync(IConnectionMultiplexer connection, string application, TimeSpan time)
    {
        RedisKey[] keys =
            [.. new[] { "expiry", "cluster", "shards" }.Select(name => (RedisKey)$"{{safeloop:shards:{application}}}:{name}")];
        await connection.GetDatabase().ScriptEvaluateAsync(
            Script, keys, [((long)time.TotalMicroseconds).ToString(CultureInfo.InvariantCulture)]);
    }
}

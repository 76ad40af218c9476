using System.Globalization;
using System.Text.Json;

namespace SafeLoop;

/// <summary>
/// Stores the owners of shards in Redis 5 or later. Made from a delegate that sends a command, so it fits any client and needs no
/// package.
/// </summary>
/// <remarks>
/// <para>With StackExchange.Redis:</para>
/// <code>
/// new RedisShardStore(async (command, arguments) =&gt; (string?)await database.ExecuteAsync(command, arguments), "shop")
/// </code>
/// <para>
/// Each call is one script. All keys begin with <c>{safeloop:shards:application}:</c>, so that they are on one node of a Redis
/// Cluster; none expires, and none may be evicted: set <c>maxmemory-policy noeviction</c>. The user needs the right to call
/// <c>INFO</c>.
/// </para>
/// <para>
/// When the server was restarted or is another one, it may have lost the last writes. All leases then end, and no shard is taken
/// until the longest of them has passed. The same holds for a server that knows nothing of the application.
/// </para>
/// <para>
/// When a host joins, it deletes the leases that have ended and that no shard names as its owner. Shards are kept.
/// </para>
/// </remarks>
public sealed class RedisShardStore : IShardStore
{
    private readonly Func<string, object[], Task<string?>> _execute;
    private readonly object[] _keys;

    /// <summary>Creates a store.</summary>
    /// <param name="execute">
    /// Sends a Redis command with its arguments, strings and numbers, and returns the answer as text.
    /// </param>
    /// <param name="application">
    /// Which cluster of the server it is. Applications that share a server have a name each; all hosts of one have the same.
    /// </param>
    public RedisShardStore(Func<string, object[], Task<string?>> execute, string application)
    {
        ArgumentNullException.ThrowIfNull(execute);
        ArgumentException.ThrowIfNullOrWhiteSpace(application);
        _execute = execute;
        string[] names = ["cluster", "expiry", "leases", "details", "progress", "shards", "memory", "exceptions"];
        _keys = [names.Length, .. names.Select(name => $"{{safeloop:shards:{application}}}:{name}")];
    }

    /// <inheritdoc/>
    public async ValueTask<ShardJoinResult> JoinAsync(ShardJoin join, CancellationToken cancellationToken)
    {
        ShardArguments.Check(join);
        using var answer = await RunAsync(
            RedisShardScripts.Join,
            [join.Cluster, Text(join.ShardCount), Text(Microseconds(join.Length)), join.Name, join.Details],
            cancellationToken).ConfigureAwait(false);
        var result = answer.RootElement;
        return new()
        {
            Lease = Number(result, "lease"),
            Cluster = result.GetProperty("cluster").GetString()!,
            ShardCount = (int)Number(result, "count"),
            Wait = Duration(result, "wait"),
        };
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ShardMember>?> RenewAsync(ShardRenewal renewal, CancellationToken cancellationToken)
    {
        object[] progress = renewal.Progress is { } bytes ? [Convert.ToBase64String(bytes)] : [];
        using var members = await TryRunAsync(
            RedisShardScripts.Renew,
            [Text(renewal.Lease), renewal.IsLeaving ? "1" : "0", Text(renewal.KnownUpTo), .. progress],
            cancellationToken).ConfigureAwait(false);
        return members?.RootElement.EnumerateArray().Select(ReadMember).OrderBy(member => member.Lease).ToList();
    }

    /// <inheritdoc/>
    public async ValueTask LeaveAsync(long lease, CancellationToken cancellationToken) =>
        await TryRunAsync(RedisShardScripts.Leave, [Text(lease)], cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<StoredShard>> ReadAsync(
        IReadOnlyList<ShardId> shards, CancellationToken cancellationToken)
    {
        using var answer = await RunAsync(RedisShardScripts.Read, [.. shards.Select(Field)], cancellationToken)
            .ConfigureAwait(false);
        var progress = answer.RootElement.GetProperty("leases").EnumerateArray()
            .ToDictionary(row => Number(row, "lease"), row => Bytes(row, "progress"));
        return [.. answer.RootElement.GetProperty("shards").EnumerateArray().Select(found => ReadShard(found, shards, progress))];
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ShardOwner>> ReadOwnersAsync(string? task, CancellationToken cancellationToken)
    {
        using var answer = await RunAsync(RedisShardScripts.ReadOwners, task is null ? [] : [task], cancellationToken)
            .ConfigureAwait(false);
        List<ShardOwner> owners = [.. answer.RootElement.EnumerateArray().Select(ReadOwner)];
        owners.Sort(ShardArguments.CompareOwners);
        return owners;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<TakenShard>> TakeAsync(
        long lease, IReadOnlyList<ShardTake> shards, CancellationToken cancellationToken)
    {
        ShardArguments.CheckDistinct(shards.Select(shard => shard.Id));
        using var taken = await RunAsync(
            RedisShardScripts.Take,
            [
                Text(lease),
                .. shards.SelectMany(shard => new[]
                {
                    Field(shard.Id), Text(shard.Epoch), Time(shard.Watermark), Text(shard.Losses), shard.DropsMemory ? "1" : "0",
                }),
            ],
            cancellationToken).ConfigureAwait(false);
        return [.. taken.RootElement.EnumerateArray()
            .Select(row => new TakenShard(shards[row[0].GetInt32()].Id, Number(row[1])))];
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ShardId>> GiveAsync(
        long lease, IReadOnlyList<ShardState> shards, CancellationToken cancellationToken) =>
        ChangeAsync(
            RedisShardScripts.Give, lease, shards,
            shard =>
            [
                Field(shard.Id), Text(shard.Epoch), Time(shard.Watermark), Text(shard.Memory), Text(shard.Exceptions),
                Text(shard.Losses),
            ],
            cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ShardId>> SaveAsync(
        long lease, IReadOnlyList<ShardState> shards, CancellationToken cancellationToken) =>
        ChangeAsync(
            RedisShardScripts.Save, lease, shards, shard => [Field(shard.Id), Text(shard.Epoch), Text(shard.Exceptions)],
            cancellationToken);

    private async ValueTask<IReadOnlyList<ShardId>> ChangeAsync(
        RedisScript script, long lease, IReadOnlyList<ShardState> shards, Func<ShardState, string[]> arguments,
        CancellationToken cancellationToken)
    {
        ShardArguments.CheckDistinct(shards.Select(shard => shard.Id));
        using var changed = await RunAsync(script, [Text(lease), .. shards.SelectMany(arguments)], cancellationToken)
            .ConfigureAwait(false);
        return [.. changed.RootElement.EnumerateArray().Select(position => shards[position.GetInt32()].Id)];
    }

    private async Task<JsonDocument> RunAsync(RedisScript script, object[] arguments, CancellationToken cancellationToken) =>
        await TryRunAsync(script, arguments, cancellationToken).ConfigureAwait(false) ?? throw Unexpected("", null);

    /// <returns>The answer; null when it is empty.</returns>
    private async Task<JsonDocument?> TryRunAsync(RedisScript script, object[] arguments, CancellationToken cancellationToken)
    {
        string? answer;
        try
        {
            answer = await script.RunAsync(_execute, [.. _keys, .. arguments], cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) // of whatever client; anything else than a missing right is left as it is
            when (error.Message.Contains("NOPERM", StringComparison.Ordinal)
                || error.Message.Contains("can't run this command", StringComparison.Ordinal))
        {
            throw new InvalidOperationException(
                "The user of the shard store has not all rights it needs in Redis. Grant it EVAL, EVALSHA, TIME, INFO, and "
                    + $"reading and writing the keys '{_keys[1]}' and those beside it. No shard is owned meanwhile.",
                error);
        }
        try
        {
            return string.IsNullOrEmpty(answer) ? null : JsonDocument.Parse(answer);
        }
        catch (JsonException error)
        {
            throw Unexpected(answer, error);
        }
    }

    private static InvalidOperationException Unexpected(string? answer, Exception? error) => new(
        $"Redis answered '{Printable.Escape(answer ?? "")}' where shards were expected. Check the delegate given to "
            + "RedisShardStore: it must return the answer as text.",
        error);

    private static ShardMember ReadMember(JsonElement row) => new()
    {
        Lease = Number(row, "lease"),
        Name = row.GetProperty("name").GetString()!,
        Details = Optional(row, "details"),
        IsLeaving = row.GetProperty("leaving").GetBoolean(),
        TimeLeft = Duration(row, "left"),
    };

    private static StoredShard ReadShard(
        JsonElement found, IReadOnlyList<ShardId> shards, Dictionary<long, byte[]?> progress)
    {
        var (row, state) = (found.GetProperty("row"), found.GetProperty("state"));
        var (lease, isOwned) = (Number(row, "l"), state.GetProperty("owned").GetBoolean());
        return new()
        {
            Id = shards[found.GetProperty("n").GetInt32()],
            Epoch = Number(row, "e"),
            Lease = lease,
            IsOwned = isOwned,
            GoneFor = Duration(state, "gone"),
            OwnedFor = Duration(state, "held"),
            Progress = isOwned ? null : progress.GetValueOrDefault(lease),
            Memory = Bytes(state, "memory"),
            Watermark = Optional(row, "w") is { } time ? DateTimeOffset.Parse(time, CultureInfo.InvariantCulture) : null,
            Exceptions = Bytes(state, "exceptions"),
            Losses = (int)Number(row, "d"),
        };
    }

    private static ShardOwner ReadOwner(JsonElement found)
    {
        var row = found.GetProperty("row");
        return new()
        {
            Id = new(found.GetProperty("task").GetString()!, found.GetProperty("index").GetInt32()),
            Epoch = Number(row, "e"),
            Owner = Optional(row, "o"),
            IsOwned = found.GetProperty("owned").GetBoolean(),
            Since = DateTimeOffset.UnixEpoch + Duration(row, "s"),
            Previous = Optional(row, "p"),
            WasLost = row.GetProperty("x").GetBoolean(),
            Losses = (int)Number(row, "d"),
        };
    }

    // The index comes first, so that the name of a task may be any text.
    private static string Field(ShardId id) => $"{Text(id.Index)}:{id.Task}";

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Text(byte[]? bytes) => bytes is null ? "" : "+" + Convert.ToBase64String(bytes);

    private static string Time(DateTimeOffset? time) => time?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture) ?? "";

    private static long Microseconds(TimeSpan length) => Math.Max(1, length.Ticks / TimeSpan.TicksPerMicrosecond);

    private static long Number(JsonElement row, string name) => Number(row.GetProperty(name));

    private static long Number(JsonElement number) =>
        long.Parse(number.GetString()!, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    private static TimeSpan Duration(JsonElement row, string name) =>
        TimeSpan.FromTicks(Number(row, name) * TimeSpan.TicksPerMicrosecond);

    private static string? Optional(JsonElement row, string name) =>
        row.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    private static byte[]? Bytes(JsonElement row, string name) =>
        row.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetBytesFromBase64() : null;
}

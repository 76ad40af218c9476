using System.Globalization;

namespace SafeLoop;

/// <summary>
/// Fences in Redis: a hash per lock. Made from a delegate that sends a command, so it fits any client and needs no package.
/// </summary>
/// <remarks>
/// <para>With StackExchange.Redis:</para>
/// <code>new RedisFenceStore(async (command, arguments) =&gt; (string?)await database.ExecuteAsync(command, arguments))</code>
/// <para>
/// A number is the last one plus one, or the server's clock in microseconds where that is greater, so it also
/// grows when Redis has lost its data. The hash is named <c>safeloop:fence:{lock}</c>, does not expire, and must
/// not be evicted: set <c>maxmemory-policy noeviction</c>, for the locks' sake, too, whose keys any policy may
/// evict. Every command is one script on one key.
/// </para>
/// </remarks>
/// <param name="execute">Sends a Redis command with its arguments, strings and numbers, and returns the answer as text.</param>
/// <param name="prefix">
/// What the hashes' names begin with, before the lock's name. Applications that share a server and have locks of the same name
/// that are not the same lock (<c>WithKeyPrefix</c> keeps DistributedLock's keys apart, and does not reach the commands sent
/// here) need a prefix each, of which none is the beginning of another. A lock whose own name begins with it is refused
/// (<see cref="ArgumentException"/>): it could be the fence of another lock.
/// </param>
public sealed class RedisFenceStore(Func<string, object[], Task<string?>> execute, string prefix = "safeloop:fence:")
    : IFenceStore
{
    // Lua counts in doubles: exact to 2^53, which microseconds reach in the year 2255.
    private static readonly RedisScript Next = new("""
        local now = redis.call('TIME')
        local clock = now[1] * 1000000 + now[2]
        local last = tonumber(redis.call('HGET', KEYS[1], 'token') or '0')
        local token = string.format('%.0f', math.max(last + 1, clock))
        redis.call('HSET', KEYS[1], 'token', token)
        return token .. ' ' .. (redis.call('HGET', KEYS[1], 'slot:' .. ARGV[1]) or '')
        """);

    private static readonly RedisScript IsLast = new("return redis.call('HGET', KEYS[1], 'token') == ARGV[1] and '1' or '0'");

    private static readonly RedisScript LastToken = new("return redis.call('HGET', KEYS[1], 'token') or '0'");

    private static readonly RedisScript Record = new("""
        if redis.call('HGET', KEYS[1], 'token') ~= ARGV[1] then return '0' end
        redis.call('HSET', KEYS[1], 'slot:' .. ARGV[2], ARGV[3])
        return '1'
        """);

    /// <inheritdoc/>
    public async ValueTask<Fence> NextAsync(string name, string? task, CancellationToken cancellationToken)
    {
        var answer = await RunAsync(Next, name, cancellationToken, task ?? "").ConfigureAwait(false) ?? "";
        var space = answer.IndexOf(' ', StringComparison.Ordinal);
        if (!long.TryParse(answer.AsSpan(0, Math.Max(space, 0)), NumberStyles.None, CultureInfo.InvariantCulture, out var token))
        {
            throw new InvalidOperationException($"Redis answered '{Printable.Escape(answer)}' where a fencing token of the lock "
                + $"'{Printable.Escape(name)}' was expected. Check the delegate given to RedisFenceStore: "
                + "it must return the answer as text.");
        }
        var slot = answer.AsSpan(space + 1);
        return new() { Token = token, LastSlot = slot.IsEmpty ? null : DateTimeOffset.Parse(slot, CultureInfo.InvariantCulture) };
    }

    /// <inheritdoc/>
    public async ValueTask<bool> IsLastAsync(string name, long token, CancellationToken cancellationToken) =>
        await RunAsync(IsLast, name, cancellationToken, Text(token)).ConfigureAwait(false) is "1";

    /// <inheritdoc/>
    public async ValueTask<long> LastAsync(string name, CancellationToken cancellationToken) =>
        long.TryParse(
            await RunAsync(LastToken, name, cancellationToken).ConfigureAwait(false),
            NumberStyles.None, CultureInfo.InvariantCulture, out var token) ? token : 0;

    /// <inheritdoc/>
    public async ValueTask<bool> RecordAsync(
        string name, string task, long token, DateTimeOffset slot, CancellationToken cancellationToken) =>
        await RunAsync(Record, name, cancellationToken, Text(token), task,
            slot.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)).ConfigureAwait(false) is "1";

    private static string Text(long token) => token.ToString(CultureInfo.InvariantCulture);

    private async Task<string?> RunAsync(
        RedisScript script, string name, CancellationToken cancellationToken, params object[] arguments)
    {
        if (prefix.Length > 0 && name.StartsWith(prefix, StringComparison.Ordinal))
        {
            throw new ArgumentException(
                $"The lock '{name}' begins with '{prefix}' and could be the fence of another lock in Redis. "
                    + "Rename it, or give RedisFenceStore another prefix.",
                nameof(name));
        }
        return await script.RunAsync(execute, [1, prefix + name, .. arguments], cancellationToken).ConfigureAwait(false);
    }
}

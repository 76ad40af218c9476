namespace SafeLoop;

/// <summary>The scripts of <see cref="RedisShardStore"/>. Redis runs one at a time, so each is a transaction.</summary>
/// <remarks>
/// Times are microseconds, which Lua's doubles hold exactly until the year 2255. Epochs and leases are text, and are compared and
/// counted as such: they may be ahead of the clock. The layout of the keys:
/// <code>
///   cluster     hash    cluster, count, lease, longest, server, noticed
///   expiry      sorted  lease → when it expires
///   leases      hash    lease → length, is leaving, name      details, progress   hash  lease → text
///   shards      hash    index:task → JSON { e epoch, l lease, s since, d losses, o owner, p previous, x was lost, w watermark }
///   memory, exceptions  hash  index:task → base64
/// </code>
/// </remarks>
internal static class RedisShardScripts
{
    // Another server, or a restarted one, may have lost the last writes, or all: a replica may lag, and the append-only file may
    // be written each second, or never. Its leases end, since their owners may have taken shards that it does not know of, and
    // would never learn that others take them too.
    private const string Begin = """
        local cluster, expiry, leases, details, progress, shards, memory, exceptions = unpack(KEYS)
        local time = redis.call('TIME')
        local now = time[1] * 1000000 + time[2]
        local function text(number) return string.format('%.0f', number) end
        local server = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
        if not server then return redis.error_reply('ERR INFO server has no run_id') end
        local known = redis.call('HGET', cluster, 'server')
        if known and known ~= server then
            for _, lease in ipairs(redis.call('ZRANGEBYSCORE', expiry, text(now), '+inf')) do
                redis.call('ZADD', expiry, text(now), lease)
            end
            redis.call('HSET', cluster, 'server', server, 'noticed', text(now))
        end
        local function wait()
            local noticed, longest = unpack(redis.call('HMGET', cluster, 'noticed', 'longest'))
            return noticed and math.max(noticed + longest - now, 0) or 0
        end
        local function expires(lease) return tonumber(redis.call('ZSCORE', expiry, lease) or '0') end
        local function greater(one, other) return #one > #other or #one == #other and one > other end
        local function after(last)
            local clock = text(now)
            local head, nines = string.match(last, '^(%d-)(9*)$')
            local zeros = string.rep('0', #nines)
            local next = head == '' and '1' .. zeros
                or string.sub(head, 1, -2) .. string.char(string.byte(head, -1) + 1) .. zeros
            return greater(next, clock) and next or clock
        end
        local function find(field)
            local row = redis.call('HGET', shards, field)
            return row and cjson.decode(row)
        end
        local function join(rows) return '[' .. table.concat(rows, ',') .. ']' end

        """;

    // cluster, shard count, length, name, details
    public static readonly RedisScript Join = new(Begin + """
        local function answer(lease)
            local stored = redis.call('HMGET', cluster, 'cluster', 'count')
            return cjson.encode({ lease = lease, cluster = stored[1], count = stored[2], wait = text(wait()) })
        end
        redis.call('HSETNX', cluster, 'server', server)
        redis.call('HSETNX', cluster, 'noticed', text(now))
        redis.call('HSETNX', cluster, 'longest', ARGV[3])
        redis.call('HSETNX', cluster, 'cluster', ARGV[1])
        redis.call('HSETNX', cluster, 'count', ARGV[2])
        if redis.call('HGET', cluster, 'count') ~= ARGV[2] then return answer('0') end
        if redis.call('HGET', cluster, 'cluster') ~= ARGV[1] then
            if wait() > 0 or redis.call('ZCOUNT', expiry, '(' .. text(now), '+inf') > 0 then return answer('0') end
            redis.call('HSET', cluster, 'cluster', ARGV[1])
        end

        local ended = redis.call('ZRANGEBYSCORE', expiry, '-inf', text(now))
        if #ended > 0 then
            local owners = {}
            for _, row in ipairs(redis.call('HVALS', shards)) do owners[cjson.decode(row).l] = true end
            for _, lease in ipairs(ended) do
                if not owners[lease] then
                    redis.call('ZREM', expiry, lease)
                    redis.call('HDEL', leases, lease)
                    redis.call('HDEL', details, lease)
                    redis.call('HDEL', progress, lease)
                end
            end
        end
        local longest = math.max(ARGV[3], wait() > 0 and redis.call('HGET', cluster, 'longest') or 0)
        for _, row in ipairs(redis.call('HVALS', leases)) do
            longest = math.max(longest, tonumber(string.match(row, '^%d+')))
        end

        local lease = after(redis.call('HGET', cluster, 'lease') or '0')
        redis.call('HSET', cluster, 'lease', lease, 'longest', text(longest))
        redis.call('ZADD', expiry, text(now + ARGV[3]), lease)
        redis.call('HSET', leases, lease, ARGV[3] .. ' 0 ' .. ARGV[4])
        redis.call('HSET', details, lease, ARGV[5])
        return answer(lease)
        """);

    // lease, is leaving, known up to, progress
    public static readonly RedisScript Renew = new(Begin + """
        if expires(ARGV[1]) <= now then return '' end
        local row = redis.call('HGET', leases, ARGV[1])
        local length, leaving, name = string.match(row, '^(%d+) ([01]) (.*)$')
        redis.call('ZADD', expiry, text(now + length), ARGV[1])
        if leaving ~= ARGV[2] then redis.call('HSET', leases, ARGV[1], length .. ' ' .. ARGV[2] .. ' ' .. name) end
        if ARGV[4] then redis.call('HSET', progress, ARGV[1], ARGV[4]) end

        local members = redis.call('ZRANGEBYSCORE', expiry, '(' .. text(now), '+inf', 'WITHSCORES')
        local rows = {}
        for n = 1, #members, 2 do
            local lease = members[n]
            local _, is_leaving, member = string.match(redis.call('HGET', leases, lease), '^(%d+) ([01]) (.*)$')
            rows[#rows + 1] = cjson.encode({
                lease = lease, name = member, leaving = is_leaving == '1', left = text(members[n + 1] - now),
                details = greater(lease, ARGV[3]) and redis.call('HGET', details, lease) or nil })
        end
        return join(rows)
        """);

    // lease
    public static readonly RedisScript Leave = new(Begin + """
        if expires(ARGV[1]) > now then redis.call('ZADD', expiry, text(now), ARGV[1]) end
        return ''
        """);

    // lease, then of each shard: field, epoch, watermark or nothing, losses, whether memory is dropped
    public static readonly RedisScript Take = new(Begin + """
        if expires(ARGV[1]) <= now or wait() > 0 then return '[]' end
        local owner = string.match(redis.call('HGET', leases, ARGV[1]), '^%d+ [01] (.*)$')
        local taken = {}
        for n = 2, #ARGV, 5 do
            local field, watermark = ARGV[n], ARGV[n + 2]
            local row = find(field) or { e = '0', l = '0' }
            if row.e == ARGV[n + 1] and (row.l == ARGV[1] or expires(row.l) <= now) then
                if row.l ~= '0' and row.l ~= ARGV[1] then row.p = row.o end
                if row.l ~= ARGV[1] then row.x = row.l ~= '0' end
                row.e, row.l, row.o, row.s = after(row.e), ARGV[1], owner, text(now)
                row.d, row.w = ARGV[n + 3], watermark ~= '' and watermark or nil
                redis.call('HSET', shards, field, cjson.encode(row))
                if ARGV[n + 4] == '1' then redis.call('HDEL', memory, field) end
                taken[#taken + 1] = '[' .. (n - 2) / 5 .. ',"' .. row.e .. '"]'
            end
        end
        return join(taken)
        """);

    // lease, then of each shard: field, epoch, watermark or nothing, '+' with memory and with exceptions, or nothing, losses
    public static readonly RedisScript Give = new(Begin + """
        local given = {}
        for n = 2, #ARGV, 6 do
            local field, watermark, row = ARGV[n], ARGV[n + 2], find(ARGV[n])
            if row and row.e == ARGV[n + 1] and row.l == ARGV[1] then
                row.l, row.s, row.p, row.o, row.x, row.d = '0', text(now), row.o, nil, false, ARGV[n + 5]
                row.w = watermark ~= '' and watermark or nil
                redis.call('HSET', shards, field, cjson.encode(row))
                if ARGV[n + 3] ~= '' then redis.call('HSET', memory, field, string.sub(ARGV[n + 3], 2))
                else redis.call('HDEL', memory, field) end
                if ARGV[n + 4] ~= '' then redis.call('HSET', exceptions, field, string.sub(ARGV[n + 4], 2)) end
                given[#given + 1] = (n - 2) / 6
            end
        end
        return join(given)
        """);

    // lease, then of each shard: field, epoch, and '+' with exceptions, or nothing
    public static readonly RedisScript Save = new(Begin + """
        local saved = {}
        for n = 2, #ARGV, 3 do
            local row = find(ARGV[n])
            if row and row.e == ARGV[n + 1] and row.l == ARGV[1] then
                if ARGV[n + 2] ~= '' then redis.call('HSET', exceptions, ARGV[n], string.sub(ARGV[n + 2], 2)) end
                saved[#saved + 1] = (n - 2) / 3
            end
        end
        return join(saved)
        """);

    // fields
    public static readonly RedisScript Read = new(Begin + """
        local rows, of_leases, seen = {}, {}, {}
        for n, field in ipairs(ARGV) do
            local text_of_row = redis.call('HGET', shards, field)
            if text_of_row then
                local row = cjson.decode(text_of_row)
                local till = row.l ~= '0' and expires(row.l) or 0
                local is_gone = row.l ~= '0' and till <= now
                local ended = math.max(till, row.s)
                rows[#rows + 1] = '{"n":' .. (n - 1) .. ',"row":' .. text_of_row .. ',"state":' .. cjson.encode({
                    owned = till > now, gone = is_gone and text(now - ended) or '0', held = is_gone and text(ended - row.s) or '0',
                    memory = redis.call('HGET', memory, field) or nil,
                    exceptions = redis.call('HGET', exceptions, field) or nil }) .. '}'
                if is_gone and not seen[row.l] then
                    seen[row.l] = true
                    local stored = redis.call('HGET', progress, row.l)
                    if stored then of_leases[#of_leases + 1] = cjson.encode({ lease = row.l, progress = stored }) end
                end
            end
        end
        return '{"shards":' .. join(rows) .. ',"leases":' .. join(of_leases) .. '}'
        """);

    // task, or nothing
    public static readonly RedisScript ReadOwners = new(Begin + """
        local all, rows, is_live = redis.call('HGETALL', shards), {}, {}
        for n = 1, #all, 2 do
            local index, task = string.match(all[n], '^(%d+):(.*)$')
            if not ARGV[1] or task == ARGV[1] then
                local lease = cjson.decode(all[n + 1]).l
                if is_live[lease] == nil then is_live[lease] = lease ~= '0' and expires(lease) > now end
                rows[#rows + 1] = '{"index":' .. index .. ',"task":' .. cjson.encode(task) .. ',"row":' .. all[n + 1]
                    .. ',"owned":' .. tostring(is_live[lease]) .. '}'
            end
        end
        return join(rows)
        """);
}

namespace SafeLoop;

/// <summary>
/// The statements of <see cref="PostgresShardStore"/>. Each of its calls is one batch, which is one transaction.
/// </summary>
/// <remarks>
/// <para>
/// No statement waits for another host. A take skips an owner whose lease is locked: its renewal is not committed yet, and the
/// owner may rely on it. A renewal locks the lease first and reads the clock afterwards. So a renewal that has waited for such a
/// take finds its lease expired.
/// </para>
/// <para>
/// Statements that hold a lock until the commit come last, and their arguments are complete when they begin. So a client that is
/// frozen while it sends holds no lock.
/// </para>
/// </remarks>
internal static class PostgresShardSql
{
    private const string Now = "clock_timestamp()";

    private const string Microseconds = "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint";

    // Another server, another timeline (a replica was promoted, a backup was recovered), other tables (a dump was restored). A
    // restart changes none of them: what was committed is on the disk.
    private const string Server = "(SELECT system_identifier FROM pg_control_system()) || '/' "
        + "|| left(pg_walfile_name(pg_current_wal_lsn()), 8) || '/' || to_regclass('safeloop_shards')::oid";

    // A shard whose lease is missing was taken just before the lease expired and was deleted.
    private const string HasNoLease =
        "NOT EXISTS (SELECT FROM safeloop_leases l WHERE l.application = $1 AND l.lease = s.lease)";

    // When the server may have lost changes, its leases end: their owners may have taken shards that it does not know of, and
    // would never learn that others take them too. A renewal that is lost in a crash has the same effect as no lease at all, so
    // a session that does not wait for the disk waits for it here.
    public const string Notice = $"""
        WITH noticed AS (
            UPDATE safeloop_clusters SET server = {Server}, noticed = {Now}
            WHERE application = $1 AND server <> {Server} RETURNING application),
        ended AS (
            UPDATE safeloop_leases l SET expires = {Now} FROM noticed n
            WHERE l.application = n.application AND l.expires > {Now})
        SELECT CASE WHEN current_setting('synchronous_commit') = 'off' THEN set_config('synchronous_commit', 'on', true) END
        """;

    // $1 application, $2 cluster, $3 shard count, $4 length
    public const string AddCluster = $"""
        INSERT INTO safeloop_clusters (application, cluster, shard_count, lease, longest, server, noticed)
        VALUES ($1, $2, $3, 0, $4, {Server}, {Now}) ON CONFLICT DO NOTHING
        """;

    public const string LockCluster = "SELECT FROM safeloop_clusters WHERE application = $1 FOR UPDATE";

    public const string DeleteEnded = $"""
        WITH ended AS MATERIALIZED (
            SELECT l.lease FROM safeloop_leases l WHERE l.application = $1 AND l.expires <= {Now}
                AND NOT EXISTS (SELECT FROM safeloop_shards s WHERE s.application = $1 AND s.lease = l.lease)
            FOR UPDATE OF l SKIP LOCKED)
        DELETE FROM safeloop_leases l USING ended e WHERE l.application = $1 AND l.lease = e.lease
        """;

    // $1 application, $2 cluster, $3 shard count, $4 length, $5 name, $6 details
    public const string Join = $"""
        WITH gone AS MATERIALIZED (
            SELECT lease FROM safeloop_leases WHERE application = $1 AND expires <= {Now} FOR SHARE SKIP LOCKED),
        joined AS (
            UPDATE safeloop_clusters c SET
                cluster = $2, lease = greatest(c.lease + 1, {Microseconds}),
                longest = greatest($4, CASE WHEN c.noticed + c.longest > {Now} THEN c.longest
                    ELSE (SELECT max(length) FROM safeloop_leases WHERE application = $1) END)
            WHERE c.application = $1 AND c.shard_count = $3 AND (c.cluster = $2 OR c.noticed + c.longest <= {Now} AND NOT EXISTS (
                SELECT FROM safeloop_leases l WHERE l.application = $1 AND l.lease NOT IN (SELECT lease FROM gone)))
            RETURNING c.lease)
        INSERT INTO safeloop_leases (application, lease, name, details, length, expires, is_leaving)
        SELECT $1, lease, $5, $6, $4, {Now} + $4, false FROM joined RETURNING lease
        """;

    public const string ReadCluster = $"""
        SELECT cluster, shard_count, greatest(noticed + longest - {Now}, interval '0'),
            has_table_privilege('safeloop_shards', 'INSERT') AND has_table_privilege('safeloop_shards', 'UPDATE')
        FROM safeloop_clusters WHERE application = $1
        """;

    // $1 application, $2 lease, $3 is leaving, $4 progress, $5 known up to
    public const string Renew = $"""
        WITH mine AS MATERIALIZED (
            SELECT expires FROM safeloop_leases WHERE application = $1 AND lease = $2 FOR NO KEY UPDATE),
        renewed AS (
            UPDATE safeloop_leases l SET expires = {Now} + l.length, is_leaving = $3, progress = coalesce($4, l.progress)
            FROM mine WHERE l.application = $1 AND l.lease = $2 AND mine.expires > {Now}
            RETURNING l.lease, l.name, l.details, l.is_leaving, l.expires),
        members AS (
            SELECT * FROM renewed UNION ALL
            SELECT lease, name, details, is_leaving, expires FROM safeloop_leases
            WHERE application = $1 AND lease <> $2 AND expires > {Now} AND EXISTS (SELECT FROM renewed))
        SELECT lease, name, CASE WHEN lease > $5 THEN details END, is_leaving, greatest(expires - {Now}, interval '0')
        FROM members ORDER BY lease
        """;

    public const string Leave =
        $"UPDATE safeloop_leases SET expires = {Now} WHERE application = $1 AND lease = $2 AND expires > {Now}";

    // $1 application, $2 lease, then arrays: $3 tasks, $4 indexes, $5 epochs, $6 watermarks, $7 losses,
    // $8 whether memory is dropped
    public const string Take = $"""
        WITH me AS MATERIALIZED (
            SELECT l.name AS owner FROM safeloop_leases l JOIN safeloop_clusters c ON c.application = l.application
            WHERE l.application = $1 AND l.lease = $2 AND l.expires > {Now} AND c.noticed + c.longest <= {Now}),
        wanted AS MATERIALIZED (
            SELECT w.*, me.owner FROM me, unnest($3::text[], $4::int[], $5::bigint[], $6::bigint[], $7::int[], $8::boolean[])
                AS w (task, index, epoch, watermark, losses, drops)),
        gone AS MATERIALIZED (
            SELECT l.lease FROM safeloop_leases l WHERE l.application = $1 AND l.lease <> $2 AND l.expires <= {Now}
                AND l.lease IN (SELECT s.lease FROM safeloop_shards s
                    JOIN wanted w ON s.application = $1 AND s.task = w.task AND s.index = w.index)
            FOR SHARE OF l SKIP LOCKED),
        free AS MATERIALIZED (
            SELECT s.task, s.index FROM safeloop_shards s
                JOIN wanted w ON s.application = $1 AND s.task = w.task AND s.index = w.index
            WHERE s.epoch = w.epoch AND (s.lease IN (0, $2) OR s.lease IN (SELECT lease FROM gone) OR {HasNoLease})
            FOR UPDATE OF s SKIP LOCKED),
        moved AS (
            UPDATE safeloop_shards s SET
                epoch = greatest(s.epoch + 1, {Microseconds}), lease = $2, owner = w.owner, since = {Now},
                previous = CASE WHEN s.lease IN (0, $2) THEN s.previous ELSE s.owner END,
                was_lost = CASE WHEN s.lease = $2 THEN s.was_lost ELSE s.lease <> 0 END,
                losses = w.losses, watermark = w.watermark, memory = CASE WHEN w.drops THEN NULL ELSE s.memory END
            FROM free f JOIN wanted w ON w.task = f.task AND w.index = f.index
            WHERE s.application = $1 AND s.task = f.task AND s.index = f.index
            RETURNING s.task, s.index, s.epoch),
        made AS (
            INSERT INTO safeloop_shards (application, task, index, epoch, lease, owner, since, was_lost, losses, watermark)
            SELECT $1, task, index, {Microseconds}, $2, owner, {Now}, false, losses, watermark
            FROM wanted WHERE epoch = 0 ORDER BY task, index
            ON CONFLICT DO NOTHING RETURNING task, index, epoch)
        SELECT * FROM moved UNION ALL SELECT * FROM made
        """;

    // $1 application, $2 lease, then arrays: $3 tasks, $4 indexes, $5 epochs, $6 exceptions, $7 memories, $8 watermarks,
    // $9 losses
    public const string Give = $"""
        WITH wanted AS MATERIALIZED (
            SELECT * FROM unnest($3::text[], $4::int[], $5::bigint[], $6::bytea[], $7::bytea[], $8::bigint[], $9::int[])
                AS w (task, index, epoch, exceptions, memory, watermark, losses)),
        {Owned}
        UPDATE safeloop_shards s SET
            lease = 0, owner = NULL, since = {Now}, previous = s.owner, was_lost = false, losses = w.losses,
            memory = w.memory, watermark = w.watermark, exceptions = coalesce(w.exceptions, s.exceptions)
        FROM owned o JOIN wanted w ON w.task = o.task AND w.index = o.index
        WHERE s.application = $1 AND s.task = o.task AND s.index = o.index
        RETURNING s.task, s.index
        """;

    // $1 application, $2 lease, then arrays: $3 tasks, $4 indexes, $5 epochs, $6 exceptions
    public const string Save = $"""
        WITH wanted AS MATERIALIZED (
            SELECT * FROM unnest($3::text[], $4::int[], $5::bigint[], $6::bytea[]) AS w (task, index, epoch, exceptions)),
        {Owned}
        UPDATE safeloop_shards s SET exceptions = coalesce(w.exceptions, s.exceptions)
        FROM owned o JOIN wanted w ON w.task = o.task AND w.index = o.index
        WHERE s.application = $1 AND s.task = o.task AND s.index = o.index
        RETURNING s.task, s.index
        """;

    // In one order, so that two batches with the same shards do not wait for each other.
    private const string Owned = """
        owned AS MATERIALIZED (
            SELECT s.task, s.index FROM safeloop_shards s
                JOIN wanted w ON s.application = $1 AND s.task = w.task AND s.index = w.index
            WHERE s.epoch = w.epoch AND s.lease = $2
            ORDER BY s.task, s.index FOR UPDATE OF s)
        """;

    // $1 application, then arrays: $2 tasks, $3 indexes
    public const string Read = $"""
        SELECT s.task, s.index, s.epoch, s.lease, s.losses, s.memory, s.watermark, s.exceptions,
            coalesce(l.expires > m.now, false),
            CASE WHEN s.lease <> 0 AND coalesce(l.expires <= m.now, true)
                THEN greatest(m.now - coalesce(l.expires, s.since), interval '0') ELSE interval '0' END,
            CASE WHEN s.lease <> 0 AND l.expires <= m.now THEN greatest(l.expires - s.since, interval '0') ELSE interval '0' END
        FROM (SELECT {Now} AS now) m, unnest($2::text[], $3::int[]) AS w (task, index)
            JOIN safeloop_shards s ON s.application = $1 AND s.task = w.task AND s.index = w.index
            LEFT JOIN safeloop_leases l ON l.application = $1 AND l.lease = s.lease
        """;

    // Beside the shards, since one owner has many of them.
    public const string ReadProgress = $"""
        SELECT l.lease, l.progress FROM safeloop_leases l
        WHERE l.application = $1 AND l.expires <= {Now} AND l.progress IS NOT NULL AND l.lease IN (
            SELECT s.lease FROM unnest($2::text[], $3::int[]) AS w (task, index)
                JOIN safeloop_shards s ON s.application = $1 AND s.task = w.task AND s.index = w.index)
        """;

    // $1 application, $2 task, or null
    public const string ReadOwners = $"""
        SELECT s.task, s.index, s.epoch, s.owner, coalesce(l.expires > {Now}, false), s.since, s.previous, s.was_lost, s.losses
        FROM safeloop_shards s LEFT JOIN safeloop_leases l ON l.application = $1 AND l.lease = s.lease
        WHERE s.application = $1 AND ($2::text IS NULL OR s.task = $2)
        """;
}

namespace DeviceInfo.Store;

/// <summary>The tables of the device database. Times are Unix milliseconds, sizes are bytes.</summary>
internal static class DeviceSchema
{
    /// <summary>Readers and the writer do not wait for each other. Cannot be part of a transaction.</summary>
    public const string Journal = "PRAGMA journal_mode = WAL";

    public const string Tables = """
        CREATE TABLE IF NOT EXISTS reading (
            id                INTEGER PRIMARY KEY,
            read_at           INTEGER NOT NULL,
            cpu_load          REAL,
            memory_total      INTEGER NOT NULL,
            memory_available  INTEGER
        );
        CREATE INDEX IF NOT EXISTS reading_read_at ON reading (read_at);

        CREATE TABLE IF NOT EXISTS disk (
            reading_id   INTEGER NOT NULL REFERENCES reading (id) ON DELETE CASCADE,
            name         TEXT NOT NULL,
            format       TEXT NOT NULL,
            total_bytes  INTEGER NOT NULL,
            free_bytes   INTEGER NOT NULL
        );
        CREATE INDEX IF NOT EXISTS disk_reading ON disk (reading_id);

        CREATE TABLE IF NOT EXISTS network_interface (
            reading_id      INTEGER NOT NULL REFERENCES reading (id) ON DELETE CASCADE,
            name            TEXT NOT NULL,
            is_up           INTEGER NOT NULL,
            bytes_received  INTEGER NOT NULL,
            bytes_sent      INTEGER NOT NULL
        );
        CREATE INDEX IF NOT EXISTS network_interface_reading ON network_interface (reading_id);

        CREATE TABLE IF NOT EXISTS temperature (
            reading_id  INTEGER NOT NULL REFERENCES reading (id) ON DELETE CASCADE,
            sensor      TEXT NOT NULL,
            celsius     REAL NOT NULL
        );
        CREATE INDEX IF NOT EXISTS temperature_reading ON temperature (reading_id);
        """;
}

using DeviceInfo.Device;
using Microsoft.Data.Sqlite;

namespace DeviceInfo.Store;

/// <summary>Writes one reading as rows, in one transaction.</summary>
internal static class ReadingRows
{
    /// <returns>The id of the reading.</returns>
    public static async Task<long> InsertAsync(
        SqliteConnection connection, DeviceReading reading, CancellationToken cancellationToken)
    {
        await using var transaction = connection.BeginTransaction();
        var id = await connection.ScalarAsync(
            """
            INSERT INTO reading (read_at, cpu_load, memory_total, memory_available) VALUES ($at, $cpu, $total, $available)
            RETURNING id
            """,
            cancellationToken,
            ("$at", reading.ReadAt.ToUnixTimeMilliseconds()), ("$cpu", reading.CpuLoad),
            ("$total", reading.Memory.TotalBytes), ("$available", reading.Memory.AvailableBytes));

        foreach (var disk in reading.Disks)
        {
            await connection.ExecuteAsync(
                "INSERT INTO disk VALUES ($id, $name, $format, $total, $free)",
                cancellationToken,
                ("$id", id), ("$name", disk.Name), ("$format", disk.Format), ("$total", disk.TotalBytes),
                ("$free", disk.FreeBytes));
        }

        foreach (var network in reading.Interfaces)
        {
            await connection.ExecuteAsync(
                "INSERT INTO network_interface VALUES ($id, $name, $up, $received, $sent)",
                cancellationToken,
                ("$id", id), ("$name", network.Name), ("$up", network.IsUp), ("$received", network.BytesReceived),
                ("$sent", network.BytesSent));
        }

        foreach (var temperature in reading.Temperatures)
        {
            await connection.ExecuteAsync(
                "INSERT INTO temperature VALUES ($id, $sensor, $celsius)",
                cancellationToken,
                ("$id", id), ("$sensor", temperature.Sensor), ("$celsius", temperature.Celsius));
        }

        await transaction.CommitAsync(cancellationToken);
        return id;
    }
}

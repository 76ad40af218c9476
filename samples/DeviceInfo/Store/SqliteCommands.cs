using System.Globalization;
using Microsoft.Data.Sqlite;

namespace DeviceInfo.Store;

/// <summary>One-line commands on an open connection. A null value becomes NULL.</summary>
internal static class SqliteCommands
{
    /// <returns>How many rows changed.</returns>
    public static async Task<int> ExecuteAsync(
        this SqliteConnection connection, string sql, CancellationToken cancellationToken,
        params (string Name, object? Value)[] values)
    {
        await using var command = connection.Command(sql, values);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <returns>The first column of the first row, as a whole number.</returns>
    public static async Task<long> ScalarAsync(
        this SqliteConnection connection, string sql, CancellationToken cancellationToken,
        params (string Name, object? Value)[] values)
    {
        await using var command = connection.Command(sql, values);
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture);
    }

    private static SqliteCommand Command(this SqliteConnection connection, string sql, (string Name, object? Value)[] values)
    {
        // CreateCommand puts the command into the connection's open transaction, if there is one.
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values)
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        return command;
    }
}

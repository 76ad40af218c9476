using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace SafeLoop.EntityFrameworkCore.Tests;

/// <summary>Sets something of SQLite whenever a connection is opened, also one of the pool.</summary>
internal sealed class PragmaAtOpen(string pragma) : DbConnectionInterceptor
{
    public string Pragma { get; set; } = pragma;

    public override async Task ConnectionOpenedAsync(
        DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = $"PRAGMA {Pragma}";
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

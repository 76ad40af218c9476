using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace SafeLoop.EntityFrameworkCore.Tests;

/// <summary>Sets a pragma on each connection to SQLite.</summary>
internal sealed class SqlitePragma(string pragma) : DbConnectionInterceptor
{
    public override async Task ConnectionOpenedAsync(
        DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = $"PRAGMA {pragma}";
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace SafeLoop.EntityFrameworkCore.Tests;

/// <summary>A full disk, as far as SQLite is concerned.</summary>
internal sealed class PageLimit : DbConnectionInterceptor
{
    public override async Task ConnectionOpenedAsync(
        DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA max_page_count = 60";
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

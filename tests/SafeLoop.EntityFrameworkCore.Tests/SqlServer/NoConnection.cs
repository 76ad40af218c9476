using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace SafeLoop.EntityFrameworkCore.Tests;

/// <summary>No connection is opened.</summary>
internal sealed class NoConnection : DbConnectionInterceptor
{
    public override ValueTask<InterceptionResult> ConnectionOpeningAsync(
        DbConnection connection, ConnectionEventData eventData, InterceptionResult result,
        CancellationToken cancellationToken = default) => new(InterceptionResult.Suppress());
}

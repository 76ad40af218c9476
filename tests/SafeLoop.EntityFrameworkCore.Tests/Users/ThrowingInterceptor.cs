using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace SafeLoop.EntityFrameworkCore.Tests;

/// <summary>An interceptor of the application, which must not see what the store does.</summary>
internal sealed class ThrowingInterceptor : DbCommandInterceptor
{
    public bool IsActive { get; set; }

    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result,
        CancellationToken cancellationToken = default) =>
        IsActive ? throw new InvalidOperationException("An interceptor of the application has run.") : new(result);
}

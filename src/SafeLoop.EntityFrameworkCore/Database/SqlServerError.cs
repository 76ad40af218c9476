using System.Data.Common;

namespace SafeLoop.EntityFrameworkCore;

/// <summary>
/// Reads the number of an error of SQL Server, whose message has the language of the session. The package does not reference the
/// provider, whose exception also notes the number among its data.
/// </summary>
internal static class SqlServerError
{
    /// <returns>Null for the errors of other databases.</returns>
    public static string? NumberOf(DbException error) => error.Data["HelpLink.EvtID"] as string;
}

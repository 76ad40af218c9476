using System.Data.Common;
using SafeLoop.Storage;

namespace SafeLoop.EntityFrameworkCore;

/// <summary>Checks that a database of SQLite can be opened by several connections.</summary>
internal static class SqliteFile
{
    private static readonly string[] NamesOfSource = ["Data Source", "DataSource", "Filename"];

    /// <exception cref="IncompatibleStoreException">Each connection would have a database of its own.</exception>
    public static void Check(string connectionString)
    {
        var settings = new DbConnectionStringBuilder { ConnectionString = connectionString };
        var source = NamesOfSource.Select(name => Read(settings, name)).FirstOrDefault(text => text is not null) ?? "";
        var hasMode = Is(Read(settings, "Mode"), "Memory");
        var isInMemory = hasMode || source is ":memory:" || Has(source, "file::memory:") || Has(source, "mode=memory");
        var isShared = source.Length > 0 && (Is(Read(settings, "Cache"), "Shared") || Has(source, "cache=shared"));
        if (source.Length == 0 || (isInMemory && !isShared)) // without the other settings, one of which may be a password
            throw new IncompatibleStoreException(
                $"AddRecurringTaskStore opens several connections, and each of 'Data Source={source}"
                + $"{(hasMode ? ";Mode=Memory" : "")}' would have a database of its own. Give UseSqlite the path of a file, such "
                + "as Data Source=safeloop.db.");
    }

    private static string? Read(DbConnectionStringBuilder settings, string name) =>
        settings.TryGetValue(name, out var value) ? value as string : null;

    private static bool Is(string? text, string other) => string.Equals(text, other, StringComparison.OrdinalIgnoreCase);

    private static bool Has(string text, string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase);
}

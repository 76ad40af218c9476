using System.Data.Common;
using System.Text.RegularExpressions;

namespace SafeLoop.EntityFrameworkCore;

/// <summary>Says which right a role lacks, and the statement that grants what it needs.</summary>
internal static partial class MissingRight
{
    public static string Advise(DbException error, DbConnection connection)
    {
        var (role, (verb, table)) = (RoleOf(connection), Find(error));
        return table is null
            ? $"{(role is null ? "The user of the connection" : $"The role '{role}'")} may not do this. Grant it SELECT, INSERT, "
                + "UPDATE and DELETE on all tables of recurring tasks, and on PostgreSQL also USAGE on their schema."
            : $"The role may not {verb} there. Grant what it needs: GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO "
                + $"{role ?? "<role>"};";
    }

    // A batch has several statements, and the message the name of the table.
    private static (string Verb, string? Table) Find(DbException error)
    {
        foreach (Match statement in Statements().Matches(FailedStatement.Of(error) ?? ""))
        {
            var (verb, table) = (statement.Groups["verb"].Value, statement.Groups["table"].Value);
            if (error.Message.Contains(table.Split('.')[^1].Trim('"', '[', ']'), StringComparison.Ordinal))
                return (verb, table);
        }
        return ("", null);
    }

    private static string? RoleOf(DbConnection connection)
    {
        var settings = new DbConnectionStringBuilder { ConnectionString = connection.ConnectionString };
        return settings.TryGetValue("Username", out var name) || settings.TryGetValue("User ID", out name) ? $"{name}" : null;
    }

    [GeneratedRegex(
        @"^\s*(?:(?<verb>INSERT) INTO|(?<verb>DELETE) FROM|(?<verb>UPDATE)|(?<verb>SELECT)\b[^;]*?\bFROM)\s+(?<table>[^\s(;]+)",
        RegexOptions.Multiline)]
    private static partial Regex Statements();
}

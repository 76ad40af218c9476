using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace SafeLoop.EntityFrameworkCore;

/// <summary>A call of the database failed. The message says where, the error of the database, and what to do.</summary>
internal sealed class StoreFailureException : InvalidOperationException
{
    private StoreFailureException(DbException cause, string database, string advice, Exception inner)
        : base($"The database of recurring tasks ({database}) has failed: {Sentence(cause.Message)} {advice}", inner)
    {
        DatabaseMessage = Sentence(cause.Message);
        Advice = advice;
        IsForbidden = LacksRight(cause) || cause.Message.StartsWith("SQLite Error 8:", StringComparison.Ordinal);
    }

    public string DatabaseMessage { get; }

    /// <summary>What to do, in a sentence.</summary>
    public string Advice { get; }

    /// <summary>True when the role may not do it.</summary>
    public bool IsForbidden { get; }

    /// <summary>Makes the exception, or null when the error is none of a database.</summary>
    public static StoreFailureException? From(Exception error, DbContext db)
    {
        if (CauseOf(error) is not { } cause)
            return null;
        var connection = db.Database.GetDbConnection();
        var place = connection.Database is "" or "main" ? connection.DataSource
            : $"{connection.Database} at {connection.DataSource}";
        var advice = LacksRight(cause) ? MissingRight.Advise(cause, connection) : AdviceOf(cause);
        return new(cause, place, advice, error);
    }

    /// <summary>The error of the database; null: there is none.</summary>
    public static DbException? CauseOf(Exception? error)
    {
        while (error is not null and not DbException)
            error = error.InnerException;
        return error as DbException;
    }

    private static string Sentence(string message)
    {
        var line = message.ReplaceLineEndings(" ").Trim();
        return line.EndsWith('.') ? line : line + '.';
    }

    // Of SQL Server: on an object, on a column, in a database.
    private static bool LacksRight(DbException error) =>
        error.SqlState is "42501" || SqlServerError.NumberOf(error) is "229" or "230" or "262";

    private static string AdviceOf(DbException error) => error switch
    {
        { SqlState: "28P01" or "28000" } => "Correct the user and the password of the connection string.",
        { SqlState: "3D000" } => "Create the database, or correct its name in the connection string.",
        { SqlState: "25006" } => "The session may not write, as on a standby. Connect to the primary, with "
            + "Host=first,second;Target Session Attributes=primary, or with Connection Lifetime=60 where one name leads to it.",
        { SqlState: "53100" } => "Free some space on the disk of the database.",
        _ => SqliteCode(error.Message) switch
        {
            "5" or "6" => "Another process keeps the file locked; end it, or give this host a file of its own.",
            "8" => "Give this process the right to write the file and its folder, and open it without Mode=ReadOnly.",
            "11" or "26" => "The file is damaged or no SQLite database: restore it from a backup, or move it away.",
            "13" => "Free some space on the disk, or raise max_page_count.",
            "14" => "Create the folder of the file, or correct the path in the connection string.",
            _ => "SafeLoop tries again.",
        },
    };

    // The exception of SQLite's provider has a property for it, and the message begins "SQLite Error 11: …".
    private static string? SqliteCode(string message)
    {
        const string Start = "SQLite Error ";
        return message.StartsWith(Start, StringComparison.Ordinal) ? message[Start.Length..].Split(':')[0] : null;
    }
}

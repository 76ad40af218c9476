using Microsoft.Data.Sqlite;

namespace DeviceInfo.Store;

/// <summary>The database could not be used; the message is a sentence for the user.</summary>
internal sealed class DeviceStoreException(string message, Exception? inner = null) : Exception(message, inner)
{
    // https://sqlite.org/rescode.html
    private const int Busy = 5, Locked = 6, ReadOnly = 8, Corrupt = 11, Full = 13, CannotOpen = 14, NotADatabase = 26;

    /// <summary>Another program is in the way; it may be gone in a moment.</summary>
    public bool IsBusy => InnerException is SqliteException { SqliteErrorCode: Busy or Locked };

    public static DeviceStoreException From(SqliteException error, string path, TimeSpan patience)
    {
        var (trouble, cure) = error.SqliteErrorCode switch
        {
            Busy or Locked => ($"is locked by another program; waited {patience.TotalSeconds:0} s for it", "Close that program"),
            ReadOnly => ("can only be read", "Make it and its directory writable"),
            Full => ("cannot grow, because the disk is full", "Free some space"),
            Corrupt => ("is damaged", "Move it away"),
            NotADatabase => ("is some other kind of file, not an SQLite database", "Move it away"),
            CannotOpen => CannotBeOpened(path),
            _ => ($"cannot be used ({error.Message})", "Check the file"),
        };
        return new DeviceStoreException(
            $"The database '{path}' {trouble}. {cure}, or choose another file with --database PATH.", error);
    }

    private static (string Trouble, string Cure) CannotBeOpened(string path)
    {
        if (Directory.Exists(path))
            return ("is a directory", "Name a file in it");

        var directory = Path.GetDirectoryName(path);
        return Directory.Exists(directory)
            ? ("cannot be opened", "Check the permissions of the file and its directory")
            : ($"is in a directory that does not exist, '{directory}'", "Create the directory");
    }
}

using Microsoft.Data.Sqlite;

namespace DeviceInfo.Store;

/// <summary>The database could not be used; the message is a sentence for the user.</summary>
internal sealed class DeviceStoreException(string message, Exception? inner = null) : Exception(message, inner)
{
    // https://sqlite.org/rescode.html
    private const int Busy = 5, Locked = 6, ReadOnly = 8, Corrupt = 11, Full = 13, CannotOpen = 14, NotADatabase = 26;

    public static DeviceStoreException From(SqliteException error, string path, TimeSpan patience)
    {
        var sentence = error.SqliteErrorCode switch
        {
            Busy or Locked => $"is locked by another program; waited {patience.TotalSeconds:0} s for it. Close that program",
            ReadOnly => "can only be read. Make it and its directory writable",
            Full => "cannot grow: the disk is full. Free some space",
            Corrupt => "is damaged. Move it away",
            NotADatabase => "is not an SQLite database. It was left as it is",
            CannotOpen => "cannot be opened" + Because(path),
            _ => $"cannot be used: {error.Message}. Check the file",
        };
        return new DeviceStoreException($"The database '{path}' {sentence}, or choose another file with --database PATH.", error);
    }

    private static string Because(string path)
    {
        var directory = Path.GetDirectoryName(path);
        if (Directory.Exists(path))
            return ": it is a directory. Name a file in it";
        if (!Directory.Exists(directory))
            return $": the directory '{directory}' does not exist. Create it";
        return ". Check the permissions of the file and its directory";
    }
}

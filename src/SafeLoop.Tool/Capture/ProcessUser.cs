using System.Globalization;

namespace SafeLoop.Tool;

/// <summary>Which user a process belongs to, as the system says.</summary>
internal static class ProcessUser
{
    private const string Passwd = "/etc/passwd";

    /// <returns>
    /// "root", or "the user with number 1001" where that user has no name here, as in a container. Null where the process is
    /// the tool's own user's, or the system does not say.
    /// </returns>
    public static string? Other(int id) => UidOf(id.ToString(CultureInfo.InvariantCulture)) is { } uid && uid != UidOf("self")
        ? NameOf(uid, ProcessMemory.Lines(Passwd)) ?? $"the user with number {uid}"
        : null;

    /// <param name="uid">The user's number.</param>
    /// <param name="lines">Of /etc/passwd: name, password, number, and more.</param>
    internal static string? NameOf(string uid, IEnumerable<string> lines) =>
        lines.Select(line => line.Split(':')).FirstOrDefault(fields => fields.Length > 2 && fields[2] == uid)?[0];

    /// <summary>The effective one: the second of four.</summary>
    private static string? UidOf(string process)
    {
        const string Key = "Uid:";
        var line = ProcessMemory.Lines($"/proc/{process}/status")
            .FirstOrDefault(line => line.StartsWith(Key, StringComparison.Ordinal));
        return line?[Key.Length..].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ElementAtOrDefault(1);
    }
}

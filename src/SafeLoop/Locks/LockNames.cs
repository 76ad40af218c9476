using System.Globalization;
using System.Text;

namespace SafeLoop;

/// <summary>Builds the lock names of keys, and finds names that a lock server rejects.</summary>
internal static class LockNames
{
    /// <summary>The maximum length of a name in an error text.</summary>
    public const int MostShown = 64;

    // A fence store has lock and task in one index. PostgreSQL limits both together to 2,704 bytes.
    private const int MostBytes = 1024;

    /// <summary>
    /// The lock name of one key: <c>lock/key</c>, with <c>/</c> and <c>%</c> in the key written <c>%2F</c> and <c>%25</c>.
    /// </summary>
    /// <remarks>
    /// The last slash ends the lock's name, so no two pairs of a lock and a key have the same name. The format must not change,
    /// because processes of several versions share locks.
    /// </remarks>
    /// <exception cref="InvalidOperationException">
    /// The key's type does not override <c>ToString</c>, or a server would reject the name.
    /// </exception>
    public static string ForKey(string name, object key)
    {
        var text = LoopName.ReadKey(key);
        if (text is null || (key is not string && text == key.GetType().ToString()))
        {
            throw new InvalidOperationException($"Lock '{Printable.Escape(name, MostShown)}': the key has no text of its own, "
                + $"so all keys would share one lock. Override ToString in {key.GetType().Name}.");
        }

        var full = $"{name}/{Escape(text)}";
        if (MistakeIn(full) is { } mistake)
            throw new InvalidOperationException($"Lock '{Printable.Escape(full, MostShown)}' {mistake}.");
        return full;
    }

    /// <summary>Why a server would reject a name, as the rest of a sentence; null when it is valid.</summary>
    public static string? MistakeIn(string name)
    {
        for (var at = 0; at < name.Length;)
        {
            if (name[at] == '\0')
                return $"has a NUL character at position {at}, which PostgreSQL refuses. Remove it";
            // Servers replace every unpaired surrogate by the same character, so two names could become equal.
            if (!Rune.TryGetRuneAt(name, at, out var rune))
                return $"has half a surrogate pair at position {at}, which is not valid Unicode text. Remove it";
            at += rune.Utf16SequenceLength;
        }
        var bytes = Encoding.UTF8.GetByteCount(name);
        if (bytes <= MostBytes)
            return null;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"is {bytes:N0} bytes long in UTF-8, and a fence store takes {MostBytes:N0}. Shorten it");
    }

    // Escapes the percent sign first; otherwise the one of %2F would be escaped again.
    private static string Escape(string key) =>
        key.Replace("%", "%25", StringComparison.Ordinal).Replace("/", "%2F", StringComparison.Ordinal);
}

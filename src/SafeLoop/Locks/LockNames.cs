using System.Globalization;
using System.Text;

namespace SafeLoop;

/// <summary>How the lock of a key is named, and which names a lock server refuses.</summary>
internal static class LockNames
{
    /// <summary>The longest a name stands in a sentence.</summary>
    public const int MostShown = 64;

    // A fence store has lock and task in one index: PostgreSQL takes 2,704 bytes for both.
    private const int MostBytes = 1024;

    /// <summary>The name of the lock of one key: <c>lock/key</c>, in which <c>/</c> and <c>%</c> of the key are <c>%2F</c> and <c>%25</c>.</summary>
    /// <remarks>The last slash ends the lock's name, so no two pairs of a lock and a key have one name. Processes of several versions agree on it: it must not change.</remarks>
    /// <exception cref="InvalidOperationException">The key has no text of its own, or a server would refuse the name.</exception>
    public static string OfKey(string name, object key)
    {
        var text = key is IFormattable formattable ? formattable.ToString(null, CultureInfo.InvariantCulture) : key.ToString();
        if (text is null || (key is not string && text == key.GetType().ToString()))
            throw new InvalidOperationException($"Lock '{Printable.Of(name, MostShown)}': the key has no text of its own, so all keys would share one lock. Override ToString in {key.GetType().Name}.");

        var full = $"{name}/{Escape(text)}";
        return MistakeIn(full) is { } mistake ? throw new InvalidOperationException($"Lock '{Printable.Of(full, MostShown)}' {mistake}.") : full;
    }

    /// <summary>Why a server would refuse a name, as the rest of a sentence; null: it would not.</summary>
    public static string? MistakeIn(string name)
    {
        for (var at = 0; at < name.Length;)
        {
            if (name[at] == '\0')
                return $"has a NUL character at position {at}, which PostgreSQL refuses. Remove it";
            if (!Rune.TryGetRuneAt(name, at, out var rune)) // servers read all of these as one letter, and so would take two names for one
                return $"has half a surrogate pair at position {at}, which is no Unicode text. Remove it";
            at += rune.Utf16SequenceLength;
        }
        var bytes = Encoding.UTF8.GetByteCount(name);
        return bytes > MostBytes
            ? string.Create(CultureInfo.InvariantCulture, $"is {bytes:N0} bytes long in UTF-8, and a fence store takes {MostBytes:N0}. Shorten it")
            : null;
    }

    // The sign first: the one that escapes the slash is not to be escaped again.
    private static string Escape(string key) => key.Replace("%", "%25", StringComparison.Ordinal).Replace("/", "%2F", StringComparison.Ordinal);
}

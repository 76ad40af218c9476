using System.Globalization;

namespace SafeLoop;

/// <summary>Reads the exact text of a key, which identifies it in a store, and finds the key of a text.</summary>
internal static class KeyText
{
    // Longer text may be cut by a store.
    public const int Longest = 200;

    /// <summary>Reads the text. <c>ToString</c> of a key is user code and may throw.</summary>
    /// <returns>False when it threw or returned null.</returns>
    public static bool TryRead(object key, out string text, out Exception? error)
    {
        (text, error) = ("", null);
        try
        {
            if (LoopName.ReadKey(key) is not { } read)
                return false;
            text = read;
            return true;
        }
        catch (Exception thrown) // ToString is user code
        {
            error = thrown;
            return false;
        }
    }

    /// <summary>True when a store returns the text unchanged, so that what is stored of the key can be restored.</summary>
    public static bool RoundTrips(string text) =>
        text.Length <= Longest && !text.Contains('\0') && !text.EnumerateRunes().Contains(System.Text.Rune.ReplacementChar);

    /// <summary>True when keys of this type can be read from their text.</summary>
    public static bool CanParse(Type key) =>
        key == typeof(string) || key == typeof(int) || key == typeof(long) || key == typeof(Guid);

    /// <summary>Parses the text of a key of the usual types, whose texts differ when the keys do.</summary>
    /// <returns>False for other types, and when no key has this text.</returns>
    public static bool TryParse<TKey>(string text, out TKey key)
    {
        object? parsed = null;
        if (typeof(TKey) == typeof(string))
            parsed = text;
        else if (typeof(TKey) == typeof(int) && int.TryParse(text, CultureInfo.InvariantCulture, out var number))
            parsed = number;
        else if (typeof(TKey) == typeof(long) && long.TryParse(text, CultureInfo.InvariantCulture, out var longNumber))
            parsed = longNumber;
        else if (typeof(TKey) == typeof(Guid) && Guid.TryParse(text, out var guid))
            parsed = guid;
        key = parsed is TKey own ? own : default!;
        return parsed is not null && LoopName.ReadKey(parsed) == text;
    }
}

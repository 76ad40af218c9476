using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace SafeLoop.EntityFrameworkCore;

/// <summary>
/// Makes text storable: NUL and halves of surrogate pairs, which databases refuse or change, become U+FFFD, and long text is cut.
/// </summary>
internal static class StoredText
{
    private const int LongestPlainKey = 200;

    /// <summary>The longest key that is stored.</summary>
    public const int LongestKey = LongestPlainKey + 2;

    /// <summary>Text for people: it is only read.</summary>
    public static string? Clean(string? text, int longest = StoreTables.LongestText)
    {
        if (text is null)
            return null;
        if (text.Length > longest)
            text = text[..(longest - 1)] + '…';
        return IsStorable(text) ? text : Replace(text);
    }

    /// <summary>
    /// A name or key, by which rows are found. Two different ones stay different: what was changed gets a hash, and is longer
    /// than any that was not.
    /// </summary>
    public static string Key(string text)
    {
        if (text.Length <= LongestPlainKey && IsStorable(text))
            return text;
        var hash = Convert.ToHexStringLower(HashBytes(text).AsSpan(0, 16));
        return Clean(text, LongestPlainKey - hash.Length)!.PadRight(LongestPlainKey - hash.Length) + '~' + hash;
    }

    /// <summary>A key as part of a primary key, where it cannot be null.</summary>
    public static string LoopKey(string? key) => key switch
    {
        null => "",
        ['=', ..] or "" => '=' + Key(key),
        _ => Key(key),
    };

    /// <summary>The key of a <see cref="LoopKey"/>.</summary>
    public static string? FromLoopKey(string key) => key switch
    {
        "" => null,
        ['=', .. var text] => text,
        _ => key,
    };

    /// <summary>A number that is the same for the same text in each process.</summary>
    public static long Hash(string text) => BinaryPrimitives.ReadInt64BigEndian(HashBytes(text));

    private static byte[] HashBytes(string text) => SHA256.HashData(MemoryMarshal.AsBytes<char>(text));

    private static bool IsStorable(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '\0' || char.IsLowSurrogate(text[at]))
                return false;
            if (char.IsHighSurrogate(text[at]) && (++at == text.Length || !char.IsLowSurrogate(text[at])))
                return false;
        }
        return true;
    }

    private static string Replace(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes()) // a lone half is enumerated as U+FFFD
            clean.Append((rune.Value == 0 ? Rune.ReplacementChar : rune).ToString());
        return clean.ToString();
    }
}

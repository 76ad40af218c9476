using System.Globalization;

namespace SafeLoop;

/// <summary>
/// Maps a name to a share from 0 to 1 that is the same in every process and version. <c>GetHashCode</c> differs per process.
/// </summary>
/// <remarks>
/// FNV-1a, 64 bits (Fowler, Noll, Vo), with the finalizer of MurmurHash3, so that similar names get distant shares.
/// </remarks>
internal static class StableHash
{
    public static double Share(string name) => Finish(Add(14695981039346656037UL, name));

    /// <summary>
    /// The share of one key of a task. Allocates nothing for keys that format into a span, such as numbers and Guids.
    /// </summary>
    public static double Share<TKey>(string name, TKey key)
        where TKey : notnull
    {
        var hash = Add(Add(14695981039346656037UL, name), "/");
        Span<char> text = stackalloc char[128];
        return Finish(
            key is ISpanFormattable
                && ((ISpanFormattable)key).TryFormat(text, out var length, default, CultureInfo.InvariantCulture)
                ? Add(hash, text[..length])
                : Add(hash, key.ToString()));
    }

    private static ulong Add(ulong hash, ReadOnlySpan<char> text)
    {
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            foreach (var octet in utf8[..rune.EncodeToUtf8(utf8)])
                hash = (hash ^ octet) * 1099511628211UL;
        }
        return hash;
    }

    private static double Finish(ulong hash)
    {
        hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdUL;
        hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53UL;
        hash ^= hash >> 33;
        return (hash >> 11) * (1.0 / (1UL << 53));
    }
}

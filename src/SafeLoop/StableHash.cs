using System.Globalization;

namespace SafeLoop;

/// <summary>
/// A hash of a text that is the same in every process, on every machine and in every version. <c>GetHashCode</c> differs per
/// process.
/// </summary>
/// <remarks>
/// <para>
/// FNV-1a of 64 bits (Fowler, Noll, Vo) over the UTF-8 bytes of the text, then <c>fmix64</c>, the finalizer of MurmurHash3, so
/// that similar texts get distant hashes. A half surrogate pair counts as U+FFFD, as with <c>Encoding.UTF8</c>.
/// </para>
/// <para>
/// SafeLoop never changes it, because hashes are stored and other programs compute them. Some values to test another
/// implementation with:
/// <code>
/// ""         0xefd01f60ba992926
/// "a"        0x82a2a958a9bece5b
/// "42"       0x810b196a56ee3cec
/// "device-1" 0xe340ac1c4190ad44
/// "Gerät-7"  0xc29763fc235d1b7f
/// </code>
/// </para>
/// <para>Do not use it for security: anyone can construct a text with a given hash.</para>
/// </remarks>
public static class StableHash
{
    private const ulong Offset = 14695981039346656037UL;

    private const int LongestText = 128; // on the stack

    /// <summary>Computes the hash of a text. Allocates nothing.</summary>
    /// <param name="text">The text; may be empty.</param>
    /// <returns>The hash. All values are possible.</returns>
    public static ulong Compute(ReadOnlySpan<char> text) => Mix(Add(Offset, text));

    /// <summary>
    /// The hash of the text of a key, as <see cref="LoopName.ReadKey"/> reads it. Allocates nothing for text and for keys that
    /// format into a span, such as numbers and Guids. Throws what the key throws.
    /// </summary>
    internal static ulong ComputeOfKey<TKey>(TKey key)
        where TKey : notnull
    {
        Span<char> text = stackalloc char[LongestText];
        return TryFormat(key, text, out var length) ? Compute(text[..length]) : Compute(LoopName.ReadKey(key));
    }

    /// <summary>Maps a name to a share from 0 up to, not including, 1.</summary>
    internal static double Share(string name) => ShareOf(Add(Offset, name));

    /// <summary>
    /// The share of one key of a task. Allocates nothing for keys that format into a span, such as numbers and Guids.
    /// </summary>
    internal static double Share<TKey>(string name, TKey key)
        where TKey : notnull
    {
        var hash = Add(Add(Offset, name), "/");
        Span<char> text = stackalloc char[LongestText];
        return ShareOf(TryFormat(key, text, out var length) ? Add(hash, text[..length]) : Add(hash, key.ToString()));
    }

    private static bool TryFormat<TKey>(TKey key, Span<char> text, out int length)
    {
        length = 0;
        return key is ISpanFormattable
            && ((ISpanFormattable)key).TryFormat(text, out length, default, CultureInfo.InvariantCulture);
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

    private static ulong Mix(ulong hash)
    {
        hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdUL;
        hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53UL;
        return hash ^ (hash >> 33);
    }

    private static double ShareOf(ulong hash) => (Mix(hash) >> 11) * (1.0 / (1UL << 53));
}

using System.Globalization;
using System.Text;

namespace SafeLoop;

/// <summary>
/// Makes untrusted text one line of bounded length, so that it can neither forge a log line nor control a terminal.
/// </summary>
internal static class Printable
{
    /// <summary>The maximum length of a name or a key, in UTF-16 code units.</summary>
    public const int LongestName = 200;

    /// <summary>The maximum length of a sentence, in UTF-16 code units.</summary>
    public const int LongestText = 4000;

    /// <summary>
    /// Writes control and format characters, line separators and halves of a surrogate pair as escapes such as <c>\n</c> and
    /// <c>\u202E</c>, and cuts longer text with <c>…</c>.
    /// </summary>
    /// <param name="text">Any text.</param>
    /// <param name="longest">The maximum length of the result, in UTF-16 code units.</param>
    /// <returns><paramref name="text"/> itself where nothing needs to change.</returns>
    public static string Escape(string text, int longest = LongestName)
    {
        if (text.Length <= longest && CountPlain(text) == text.Length)
            return text;

        var line = new StringBuilder(Math.Min(text.Length, longest) + 8);
        for (int at = 0, length; at < text.Length; at += length)
        {
            var isRune = Rune.TryGetRuneAt(text, at, out var rune);
            length = isRune ? rune.Utf16SequenceLength : 1;
            var before = line.Length;
            if (isRune && IsPlain(rune))
                line.Append(text, at, length);
            else
                line.Append(EscapeOf(isRune ? rune.Value : text[at]));
            if (line.Length > longest || (line.Length == longest && at + length < text.Length))
            {
                line.Length = Math.Min(before, longest - 1);
                return line.Append('…').ToString();
            }
        }
        return line.ToString();
    }

    /// <summary>The escape of the first character that needs one, such as <c>\u202E</c>; null when none does.</summary>
    public static string? FirstEscapeIn(string text)
    {
        var plain = CountPlain(text);
        return plain == text.Length ? null : EscapeOf(Rune.TryGetRuneAt(text, plain, out var rune) ? rune.Value : text[plain]);
    }

    /// <summary>The number of code units before the first one that needs an escape.</summary>
    private static int CountPlain(string text)
    {
        var at = 0;
        while (at < text.Length && Rune.TryGetRuneAt(text, at, out var rune) && IsPlain(rune))
            at += rune.Utf16SequenceLength;
        return at;
    }

    // Format characters reverse the direction of text or are invisible.
    private static bool IsPlain(Rune rune) => rune.Value is >= ' ' and < '\u007F' || Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    private static string EscapeOf(int character) => character switch
    {
        '\n' => @"\n",
        '\r' => @"\r",
        '\t' => @"\t",
        > char.MaxValue => $@"\U{character:X8}",
        _ => $@"\u{character:X4}",
    };
}

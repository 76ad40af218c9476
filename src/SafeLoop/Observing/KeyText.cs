using System.Globalization;
using System.Text;

namespace SafeLoop;

/// <summary>A key in a line that people read: on one line, of bounded length, and whatever its own text does.</summary>
internal static class KeyText
{
    private const int Longest = 80;

    public static string Of(IKeyed loop)
    {
        try
        {
            return Escape(loop.Key.ToString() ?? "");
        }
        catch (Exception error) // the key's own text: what is wrong with the others must be said all the same
        {
            return $"a key whose ToString throws {error.GetType().Name}";
        }
    }

    private static string Escape(string text)
    {
        var line = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (line.Length >= Longest)
                return line.Append('…').ToString();
            if (IsUnsafe(Rune.GetUnicodeCategory(rune)))
                line.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:X4}");
            else
                line.Append(rune.ToString());
        }
        return line.ToString();
    }

    // They break the line, or turn the writing around.
    private static bool IsUnsafe(UnicodeCategory category) => category
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}

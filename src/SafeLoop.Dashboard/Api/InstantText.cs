using System.Globalization;

namespace SafeLoop.Dashboard;

/// <summary>Reads instants of a query.</summary>
internal static class InstantText
{
    /// <summary>Reads an instant with its offset. An instant without one would depend on the machine.</summary>
    public static bool TryRead(string text, out DateTimeOffset? value)
    {
        value = null;
        // A plus sign that was not encoded arrives as a space. Without a time before it, it is the one before a time.
        var written = text.Length > 6 && text[^6] == ' ' && text[^3] == ':' && text[..^6].Contains(':', StringComparison.Ordinal)
            ? $"{text[..^6]}+{text[^5..]}"
            : text;
        if (!HasOffset(written) || !DateTimeOffset.TryParse(
            written, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var instant))
            return false;
        value = instant;
        return true;
    }

    private static bool HasOffset(string text) =>
        text.EndsWith('Z') || text.EndsWith('z') || (text.Length > 6 && text[^6] is '+' or '-' && text[^3] == ':');
}

namespace SafeLoop.Scale.Report;

/// <summary>The part of a page that is written by this program, between two comments.</summary>
internal static class MarkedSection
{
    private const string Begin = "<!-- scale: begin -->", End = "<!-- scale: end -->";

    /// <exception cref="InvalidOperationException">The page has no such part.</exception>
    public static void Replace(string path, string text)
    {
        var page = File.Exists(path) ? File.ReadAllText(path) : $"{Begin}\n{End}\n";
        var begin = page.IndexOf(Begin, StringComparison.Ordinal);
        var end = page.IndexOf(End, StringComparison.Ordinal);
        if (begin < 0 || end < begin)
            throw new InvalidOperationException(
                $"'{path}' has no part for the figures. Put the lines '{Begin}' and '{End}' where they belong.");
        File.WriteAllText(path, $"{page[..(begin + Begin.Length)]}\n{text.TrimEnd()}\n{page[end..]}");
    }
}

namespace SafeLoop.Tool;

/// <summary>Reads source files, each once.</summary>
internal sealed class SourceText
{
    private readonly Dictionary<string, string[]?> _files = [];

    /// <returns>Its lines; null when it is not on this disk.</returns>
    public string[]? Of(string path)
    {
        if (!_files.TryGetValue(path, out var lines))
            _files[path] = lines = Read(path);
        return lines;
    }

    /// <summary>The lines from one to a little after another, numbered; empty when the source cannot be read.</summary>
    public IReadOnlyList<SourceLine> Around(SourceLine line, int from)
    {
        const int After = 3;
        return Of(line.File) is { } lines
            ? [.. Enumerable.Range(from, Math.Max(0, Math.Min(lines.Length, line.Line + After) - from + 1))
                .Select(i => new SourceLine(line.File, i, lines[i - 1]))]
            : [];
    }

    private static string[]? Read(string path)
    {
        try
        {
            return SpecialFile.IsNot(path) ? File.ReadAllLines(path) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null; // the line number still stands
        }
    }
}

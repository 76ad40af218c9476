using System.Reflection.Metadata;

namespace SafeLoop.Tool;

/// <summary>Finds lines of source through a module's symbols.</summary>
internal sealed class SourceLines(ModuleFile file)
{
    /// <summary>A signature stands at most this far above its first statement.</summary>
    private const int MaxHead = 12;

    private readonly Dictionary<string, string[]?> _texts = [];

    /// <summary>The line an instruction comes from.</summary>
    public SourceLine? At(MethodDefinitionHandle method, int offset) =>
        Points(method).Where(point => point.Offset <= offset).Select(Line).LastOrDefault();

    /// <summary>Where the method is declared, or its first statement where the source cannot be read.</summary>
    public SourceLine? Start(IEnumerable<MethodDefinitionHandle> bodies, string name)
    {
        var first = bodies.SelectMany(Points).Select(Line).MinBy(line => line.Line);
        if (first is null || TextOf(first.File) is not { } text)
            return first;

        for (var line = first.Line; line > 0 && line > first.Line - MaxHead; line--)
        {
            if (line <= text.Length && Declares(text[line - 1], name))
                return new SourceLine(first.File, line, text[line - 1].Trim());
        }

        return first;
    }

    /// <summary>The lines around one, numbered; empty when the source cannot be read.</summary>
    public IReadOnlyList<SourceLine> Around(SourceLine line, int from)
    {
        const int After = 3;
        return TextOf(line.File) is { } text
            ? [.. Enumerable.Range(from, Math.Max(0, Math.Min(text.Length, line.Line + After) - from + 1)).Select(i => new SourceLine(line.File, i, text[i - 1]))]
            : [];
    }

    private static bool Declares(string text, string name)
    {
        var at = text.IndexOf(name, StringComparison.Ordinal);
        return at > 0 && text[at - 1] is ' ' or '.' && at + name.Length < text.Length && text[at + name.Length] is '(' or '<'
            && !text.Contains("await ", StringComparison.Ordinal) && !text.Contains("return ", StringComparison.Ordinal);
    }

    private IEnumerable<SequencePoint> Points(MethodDefinitionHandle method) => file.Symbols is null
        ? []
        : file.Symbols.GetMethodDebugInformation(method).GetSequencePoints().Where(point => !point.IsHidden);

    private SourceLine Line(SequencePoint point)
    {
        var path = file.Symbols!.GetString(file.Symbols.GetDocument(point.Document).Name);
        var text = TextOf(path);
        return new SourceLine(path, point.StartLine, text is not null && point.StartLine <= text.Length ? text[point.StartLine - 1].Trim() : null);
    }

    private string[]? TextOf(string path)
    {
        if (!_texts.TryGetValue(path, out var text))
            _texts[path] = text = Read(path);
        return text;
    }

    private static string[]? Read(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllLines(path) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null; // the line number still stands
        }
    }
}

using System.Reflection.Metadata;

namespace SafeLoop.Tool;

/// <summary>Finds lines of source through a module's symbols.</summary>
internal sealed class SourceLines(ModuleFile file, SourceText text)
{
    /// <summary>A signature stands at most this far above its first statement.</summary>
    private const int MaxHead = 12;

    /// <summary>The line an instruction comes from.</summary>
    public SourceLine? At(MethodDefinitionHandle method, int offset) =>
        Points(method).Where(point => point.Offset <= offset).Select(Line).LastOrDefault();

    /// <summary>Where the method is declared, or its first statement where the source cannot be read.</summary>
    public SourceLine? Start(IEnumerable<MethodDefinitionHandle> bodies, string name)
    {
        var first = bodies.SelectMany(Points).Select(Line).MinBy(line => line.Line);
        if (first is null || text.Of(first.File) is not { } lines)
            return first;

        for (var line = first.Line; line > 0 && line > first.Line - MaxHead; line--)
        {
            if (line <= lines.Length && MethodHead.Declares(lines[line - 1], name))
                return new SourceLine(first.File, line, lines[line - 1].Trim());
        }

        return first;
    }

    private IEnumerable<SequencePoint> Points(MethodDefinitionHandle method) => file.Symbols is null
        ? []
        : file.Symbols.GetMethodDebugInformation(method).GetSequencePoints().Where(point => !point.IsHidden);

    private SourceLine Line(SequencePoint point)
    {
        var path = file.Symbols!.GetString(file.Symbols.GetDocument(point.Document).Name);
        var lines = text.Of(path);
        return new SourceLine(path, point.StartLine,
            lines is not null && point.StartLine <= lines.Length ? lines[point.StartLine - 1].Trim() : null);
    }
}

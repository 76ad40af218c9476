namespace SafeLoop.Tool;

/// <summary>A line of source, and its text when the file could be read.</summary>
internal sealed record SourceLine(string File, int Line, string? Text);

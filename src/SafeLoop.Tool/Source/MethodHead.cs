namespace SafeLoop.Tool;

/// <summary>Distinguishes the line that declares a method from one that calls or mentions it.</summary>
internal static class MethodHead
{
    public static bool Declares(string line, string name)
    {
        var head = BeforeBody(line);
        var at = head.IndexOf(name, StringComparison.Ordinal);
        return at > 0 && head[at - 1] is ' ' or '.' && at + name.Length < head.Length && head[at + name.Length] is '(' or '<'
            && !head[..at].TrimEnd().EndsWith('=')
            && !head.Contains("await ", StringComparison.Ordinal) && !head.Contains("return ", StringComparison.Ordinal);
    }

    /// <summary>Without the body on the same line, and without what is only said: a comment names methods, too.</summary>
    private static string BeforeBody(string line)
    {
        if (line.TrimStart().StartsWith('*'))
            return "";

        foreach (var end in (string[])["//", "/*", "=>", "{"])
            line = line.Split(end)[0];
        return line;
    }
}

using System.Text;

namespace SafeLoop.Tool;

/// <summary>Names of types as people read them.</summary>
internal static class TypeNames
{
    private const int MaxDepth = 3;

    public static string Of(HeapGraph graph, int type) => Append(new StringBuilder(), graph, type, depth: 0).ToString();

    /// <summary>
    /// Without type parameters, arguments and enclosing types, however the source wrote them:
    /// <c>Outer`1+List`1[System.Int32]</c> is <c>List</c>.
    /// </summary>
    public static string Plain(string name)
    {
        var text = new StringBuilder(name.Length);
        for (var i = 0; i < name.Length; i++)
        {
            if (name[i] == '+')
                text.Clear();
            else if (name[i] == '`')
                i = LastDigit(name, i);
            else if (OpensArguments(name, i))
                i = ClosingBracket(name, i);
            else
                text.Append(name[i]);
        }

        return text.ToString();
    }

    private static int LastDigit(string name, int at)
    {
        while (at + 1 < name.Length && char.IsAsciiDigit(name[at + 1]))
            at++;
        return at;
    }

    /// <summary>An array's brackets hold nothing, and a name the compiler made begins with its angle bracket.</summary>
    private static bool OpensArguments(string name, int at) => name[at] switch
    {
        '[' => at + 1 < name.Length && name[at + 1] is not (']' or ','),
        '<' => at > 0 && (char.IsLetterOrDigit(name[at - 1]) || name[at - 1] == '_'),
        _ => false,
    };

    private static int ClosingBracket(string name, int at)
    {
        for (var depth = 0; at < name.Length; at++)
        {
            depth += name[at] is '[' or '<' ? 1 : name[at] is ']' or '>' ? -1 : 0;
            if (depth == 0)
                return at;
        }

        return name.Length;
    }

    private static StringBuilder Append(StringBuilder text, HeapGraph graph, int type, int depth)
    {
        if (type < 0)
            return text.Append('?');

        var (name, arguments) = (graph.Types[type].Name, graph.Types[type].Arguments);
        text.Append(name);
        if (arguments.Length == 0 || depth == MaxDepth || name.EndsWith(']'))
            return text;

        text.Append('<');
        for (var i = 0; i < arguments.Length; i++)
            Append(i == 0 ? text : text.Append(", "), graph, arguments[i], depth + 1);
        return text.Append('>');
    }
}

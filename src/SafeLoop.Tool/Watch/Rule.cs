namespace SafeLoop.Tool;

/// <summary>
/// A condition over measures, read from text:
/// <code>
/// rule       = all { "or" all }
/// all        = lasting { "and" lasting }
/// lasting    = comparison [ "for" duration ]
/// comparison = "(" rule ")" | sum ( "&lt;" | "&lt;=" | "&gt;" | "&gt;=" | "==" | "!=" ) sum
/// sum        = product { ( "+" | "-" ) product }
/// product    = value { ( "*" | "/" ) value }
/// value      = number [ unit ] | measure | "(" sum ")" | "-" value
/// </code>
/// </summary>
internal sealed class Rule
{
    /// <summary>The parser goes as deep as the brackets do.</summary>
    private const int MostCharacters = 1000;

    private readonly Condition _condition;

    private Rule(string text, Condition condition) => (Text, _condition) = (text, condition);

    public string Text { get; }

    /// <exception cref="ToolException">It is no rule.</exception>
    public static Rule Parse(string text) => text.Length <= MostCharacters
        ? new Rule(text, new RuleParser(text).Parse())
        : throw new ToolException(ExitCode.Usage, $"--rule has {Tool.Text.Count(text.Length)} characters, "
            + $"but no more than {Tool.Text.Count(MostCharacters)} are read. Say it more shortly.");

    public bool Holds(Measures measures, TimeSpan at) => _condition(measures, at);
}

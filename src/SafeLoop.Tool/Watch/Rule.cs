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
    private readonly Condition _condition;

    private Rule(string text, Condition condition) => (Text, _condition) = (text, condition);

    public string Text { get; }

    /// <exception cref="RuleException">It is no rule.</exception>
    public static Rule Parse(string text) => new(text, new RuleParser(text).Parse());

    public bool Holds(Measures measures, TimeSpan at) => _condition(measures, at);
}

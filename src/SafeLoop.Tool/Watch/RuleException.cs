namespace SafeLoop.Tool;

/// <summary>What is wrong with a rule, and where: the message shows it under the rule.</summary>
internal sealed class RuleException(string rule, int at, string sentence)
    : ToolException(SafeLoop.Tool.ExitCode.Usage,
        $"{sentence}{Environment.NewLine}    {rule}{Environment.NewLine}    {new string(' ', at)}^")
{
    public int At { get; } = at;
}

namespace SafeLoop.Tool;

/// <summary>What a token of a rule is.</summary>
internal enum RuleTokenKind
{
    Word,
    Number,
    Sign,
    End,
}

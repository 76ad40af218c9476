namespace SafeLoop.Tool;

/// <summary>A word, number or sign of a rule, and where it stands.</summary>
internal readonly record struct RuleToken(RuleTokenKind Kind, string Text, int At);

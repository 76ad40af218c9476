namespace SafeLoop.Tool;

/// <summary>Splits a rule into tokens.</summary>
internal static class RuleTokens
{
    private static readonly string[] Signs = ["<=", ">=", "==", "!=", "<", ">", "+", "-", "*", "/", "(", ")"];

    public static IReadOnlyList<RuleToken> Of(string rule)
    {
        var tokens = new List<RuleToken>();
        for (var at = 0; at < rule.Length;)
        {
            if (char.IsWhiteSpace(rule[at]))
            {
                at++;
                continue;
            }

            var token = Next(rule, at);
            tokens.Add(token);
            at += token.Text.Length;
        }

        tokens.Add(new RuleToken(RuleTokenKind.End, "", rule.Length));
        return tokens;
    }

    private static RuleToken Next(string rule, int at)
    {
        if (char.IsAsciiLetter(rule[at]))
            return new RuleToken(RuleTokenKind.Word, Take(rule, at, c => char.IsAsciiLetterOrDigit(c) || c == '_'), at);

        // A unit belongs to its number: 30s, 500MiB, 50%
        if (char.IsAsciiDigit(rule[at]) || rule[at] == '.')
            return new RuleToken(RuleTokenKind.Number,
                Take(rule, at, c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '%'), at);

        return Signs.FirstOrDefault(sign => string.CompareOrdinal(rule, at, sign, 0, sign.Length) == 0) is { } found
            ? new RuleToken(RuleTokenKind.Sign, found, at)
            : throw new RuleException(rule, at, $"'{rule[at]}' has no meaning in a rule.");
    }

    private static string Take(string rule, int at, Func<char, bool> belongs)
    {
        var end = at;
        while (end < rule.Length && belongs(rule[end]))
            end++;
        return rule[at..end];
    }
}

namespace SafeLoop.Tool;

/// <summary>The comparisons that a rule may use.</summary>
internal static class RuleComparisons
{
    public static readonly string[] All = ["<", "<=", ">", ">=", "==", "!="];

    public static bool Holds(string comparison, double left, double right) => comparison switch
    {
        "<" => left < right,
        "<=" => left <= right,
        ">" => left > right,
        ">=" => left >= right,
        "==" => left.Equals(right),
        _ => !left.Equals(right),
    };
}

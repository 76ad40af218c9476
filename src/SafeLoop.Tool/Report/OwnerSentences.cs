namespace SafeLoop.Tool;

/// <summary>What text and page say about owners.</summary>
internal static class OwnerSentences
{
    public static string HowMuch(Owner owner)
    {
        var least = owner.IsLowerBound ? "at least " : "";
        return $"{least}{Text.Bytes(owner.RetainedBytes)} retained, {Text.Share(owner.RetainedShare)} of the live heap";
    }

    public static IEnumerable<string> Why(Owner owner)
    {
        if (owner.Growth is { } growth)
            yield return growth.More > 0 ? $"It grew by {Growth(growth)}." : $"It did not grow in {Seconds(growth)}.";
        if (owner is { Verdict: Verdict.Suspicious, Growth.IsSlowing: true })
            yield return "It grows ever more slowly, as a cache does that fills up. "
                + "Use --times 6 to see whether it goes on growing.";
        if (owner.Shape is { } shape)
            yield return $"This looks like {shape.Name}. {shape.Why}";
        if (owner is { Verdict: Verdict.Suspicious, Growth: not { Bytes.Count: > 2 } })
            yield return "A cache that is meant to be there looks the same. Use --times 3 to see whether it grows.";
    }

    /// <summary>What grew and is not accused, and why not.</summary>
    public static IEnumerable<string> Notes(IEnumerable<Owner> owners) =>
        from owner in owners
        where owner is { Verdict: Verdict.Nothing, Growth: { IsGrowing: true, IsTurnover: true } }
        select $"Not accused: {owner.Line} grew by {Growth(owner.Growth!)}. "
            + "Hardly anything of what it held at first is still there, so it is work that comes and goes, and more of it. "
            + "Use --times 6 to see whether it goes on growing.";

    /// <summary>"12.0 MiB in 60.0 s: 420.0 MiB → 426.0 MiB → 432.0 MiB".</summary>
    public static string Growth(OwnerGrowth growth) =>
        $"{Text.Bytes(growth.More)} in {Seconds(growth)}: {string.Join(" → ", growth.Bytes.Select(Text.Bytes))}";

    /// <summary>What was looked for in vain.</summary>
    public static string Nothing(LeakReport report)
    {
        var owners = report.OwnerTree is null ? "" : report.Captures switch
        {
            1 => ", and no owner of your code holds both a quarter of the heap and 64 MiB",
            2 => ", and nothing large of your own code grew",
            _ => ", and nothing large grew from capture to capture",
        };
        return $"Nothing found: no method is chained to itself{owners}.";
    }

    private static string Seconds(OwnerGrowth growth) => growth.Seconds.ToString("0.0", Text.Culture) + " s";
}

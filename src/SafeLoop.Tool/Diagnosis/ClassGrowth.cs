namespace SafeLoop.Tool;

/// <summary>How a class changed between two captures.</summary>
internal sealed record ClassGrowth(string Name, string Module, int CountBefore, int CountAfter, long BytesBefore, long BytesAfter)
{
    public long BytesMore => BytesAfter - BytesBefore;

    public static IEnumerable<ClassGrowth> Between(IReadOnlyList<ClassCount> before, IReadOnlyList<ClassCount> after)
    {
        var (old, now) = (Sum(before), Sum(after));
        return from key in old.Keys.Union(now.Keys)
               let was = old.GetValueOrDefault(key)
               let has = now.GetValueOrDefault(key)
               let growth = new ClassGrowth(key.Name, key.Module, was.Count, has.Count, was.Bytes, has.Bytes)
               where growth.BytesMore != 0
               orderby growth.BytesMore descending
               select growth;
    }

    /// <summary>Two types may have one name: instantiations whose type arguments are not in the name.</summary>
    private static Dictionary<(string Name, string Module), (int Count, long Bytes)> Sum(IReadOnlyList<ClassCount> classes) =>
        classes
            .GroupBy(one => (one.Name, one.Module))
            .ToDictionary(same => same.Key, same => (same.Sum(one => one.Count), same.Sum(one => one.Bytes)));
}

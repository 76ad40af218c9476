namespace SafeLoop.Tool;

/// <summary>An owner's path, as the rules for known shapes ask about it.</summary>
internal sealed class OwnerWay(Owner owner, IReadOnlyList<OwnerNode> path)
{
    private const int Many = 100;
    private const int LargeArray = 85_000;

    private readonly string[] _names = [.. owner.Steps.Select(step => OwnerStep.ShortNameOf(step.Type))];

    public string Root => owner.Root;

    public bool IsStatic => Root.StartsWith("static ", StringComparison.Ordinal);

    public bool IsLargeArrays =>
        owner.Steps is [.., var last] && last.Type.EndsWith(']') && last.RetainedBytes / Math.Max(1, last.Count) >= LargeArray;

    /// <summary>
    /// Types of these names follow each other on the path, others between them. A star stands for any part of a name.
    /// </summary>
    public bool Leads(params ReadOnlySpan<string> names)
    {
        var next = 0;
        foreach (var name in _names)
        {
            if (next < names.Length && IsLike(name, names[next]))
                next++;
        }

        return next == names.Length;
    }

    /// <summary>Where the path comes to many objects, they hold something of this name.</summary>
    public bool Holds(string name) => path.FirstOrDefault(step => step.Count >= Many) is { } many
        && many.Descendants.Any(part => OwnerStep.ShortNameOf(part.Name) == name);

    /// <summary>Many of a type with this in its full name stand on the path.</summary>
    public bool HasManyOf(string words) =>
        owner.Steps.Any(step => step.Count >= Many && step.Type.Contains(words, StringComparison.Ordinal));

    public bool IsMany(int step) => owner.Steps[step].Count >= Many;

    /// <summary>A delegate that holds an array of delegates of its own type: the list of an event's handlers.</summary>
    public bool IsMulticast()
    {
        for (var i = 2; i < _names.Length; i++)
        {
            if (_names[i - 1] == "Object[]" && owner.Steps[i - 2].Type == owner.Steps[i].Type && IsMany(i))
                return true;
        }

        return false;
    }

    /// <summary>Many closures, and no array or node of a collection that would hold them apart: each holds the next.</summary>
    public bool IsLinkedClosures()
    {
        var closure = owner.Steps.ToList().FindIndex(step => step.Type.EndsWith("(closure)", StringComparison.Ordinal));
        if (closure < 0 || !IsMany(closure))
            return false;
        var first = Enumerable.Range(0, closure + 1).First(IsMany);
        return first == 0 || (owner.Steps[first - 1] is { Count: 1 } holder && !holder.Type.EndsWith(']'));
    }

    private static bool IsLike(string name, string pattern) => pattern.Split('*') switch
    {
        [var whole] => name == whole,
        [var start, var end] => name.Length >= start.Length + end.Length && name.StartsWith(start, StringComparison.Ordinal)
            && name.EndsWith(end, StringComparison.Ordinal),
        var parts => name.Contains(parts[1], StringComparison.Ordinal),
    };
}

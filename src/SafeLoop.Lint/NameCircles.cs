namespace SafeLoop.Lint;

/// <summary>Names that lead back to themselves, grouped: those of a group lead to each other (Tarjan's algorithm,
/// without recursion).</summary>
internal static class NameCircles
{
    public static IEnumerable<IReadOnlyList<string>> In(IReadOnlyDictionary<string, HashSet<string>> calls)
    {
        var order = new Dictionary<string, int>(StringComparer.Ordinal);
        var lowest = new Dictionary<string, int>(StringComparer.Ordinal);
        var pending = new Stack<string>();
        var isPending = new HashSet<string>(StringComparer.Ordinal);
        var path = new Stack<(string Name, IEnumerator<string> Called)>();
        foreach (var start in calls.Keys)
        {
            if (order.ContainsKey(start))
                continue;
            Enter(start);
            while (path.TryPeek(out var place))
            {
                if (place.Called.MoveNext())
                {
                    var called = place.Called.Current;
                    if (!order.TryGetValue(called, out var number))
                        Enter(called);
                    else if (isPending.Contains(called))
                        lowest[place.Name] = Math.Min(lowest[place.Name], number);
                    continue;
                }

                path.Pop();
                if (path.TryPeek(out var caller))
                    lowest[caller.Name] = Math.Min(lowest[caller.Name], lowest[place.Name]);
                if (lowest[place.Name] == order[place.Name] && Group(place.Name) is { } group
                    && (group.Count > 1 || calls[place.Name].Contains(place.Name)))
                    yield return group;
            }
        }

        void Enter(string name)
        {
            order[name] = lowest[name] = order.Count;
            pending.Push(name);
            isPending.Add(name);
            path.Push((name, calls[name].GetEnumerator()));
        }

        List<string> Group(string first)
        {
            var group = new List<string>();
            string name;
            do
            {
                name = pending.Pop();
                isPending.Remove(name);
                group.Add(name);
            }
            while (name != first);
            return group;
        }
    }
}

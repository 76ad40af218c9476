namespace SafeLoop.Tool;

/// <summary>
/// Finds the classes of static fields. The runtime lists the fields by their bare names, but module by module, class by
/// class and field by field in the order of the metadata. The longest common subsequence of its list and the declared
/// fields shows which is which.
/// </summary>
internal static class StaticNames
{
    /// <summary>
    /// Completes the names of the roots, in place. <c>?.field</c> stays where no class fits, "A or B" where two do.
    /// </summary>
    public static void Complete(HeapGraph graph, int processId)
    {
        const string Unknown = "?.";
        var count = Array.FindLastIndex(graph.Roots, root => root.Kind == RootKind.Static) + 1;
        var types = DeclaredTypes.Read(graph.Modules, processId);
        var byName = Enumerable.Range(0, types.Fields.Count).ToLookup(field => types.Fields[field].Name);
        int[][] candidates =
        [
            .. graph.Roots.Take(count).Select(root => byName[root.Name![Unknown.Length..]]
                .Where(field => types.MayHold(types.Fields[field], graph.Types[graph.TypeOf[root.Node]])).ToArray()),
        ];

        types.OfGenericClasses.Complete(graph, type => types.NameOf(graph.Types[type]));

        // Where several alignments are equally long, these two differ.
        var (first, last) = (Align(candidates), AlignBackwards(candidates, types.Fields.Count));
        for (var i = 0; i < count; i++)
        {
            if (first[i] < 0 || last[i] < 0)
                continue;
            var (one, other) = (types.Fields[first[i]], types.Fields[last[i]]);
            graph.Roots[i] = graph.Roots[i] with { Name = one == other ? one.DisplayName
                : $"{one.DisplayName} or {other.DisplayName}", Module = one.Module };
        }
    }

    /// <param name="candidates">For each item the places it may have, in ascending order.</param>
    /// <returns>For each item its place, so that places ascend and as many items as possible have one; -1 for the
    /// others.</returns>
    internal static int[] Align(int[][] candidates)
    {
        // Hunt and Szymanski: the longest ascending sequence, kept as the best end of each length.
        var ends = new List<int>();
        var links = new List<(int Item, int Place, int Before)>();
        for (var item = 0; item < candidates.Length; item++)
        {
            for (var i = candidates[item].Length - 1; i >= 0; i--) // descending: an item has one place
            {
                var place = candidates[item][i];
                var length = FirstAtLeast(place);
                links.Add((item, place, length > 0 ? ends[length - 1] : -1));
                if (length == ends.Count)
                    ends.Add(links.Count - 1);
                else
                    ends[length] = links.Count - 1;
            }
        }

        var places = new int[candidates.Length];
        Array.Fill(places, -1);
        for (var link = ends.Count > 0 ? ends[^1] : -1; link >= 0; link = links[link].Before)
            places[links[link].Item] = links[link].Place;
        return places;

        int FirstAtLeast(int place)
        {
            var (low, high) = (0, ends.Count);
            while (low < high)
            {
                var middle = (low + high) >>> 1;
                if (links[ends[middle]].Place < place)
                    low = middle + 1;
                else
                    high = middle;
            }

            return low;
        }
    }

    private static int[] AlignBackwards(int[][] candidates, int places)
    {
        int[][] reversed = [.. candidates.Reverse().Select(item => item.Reverse().Select(place => places - 1 - place).ToArray())];
        return [.. Align(reversed).Reverse().Select(place => place < 0 ? -1 : places - 1 - place)];
    }
}

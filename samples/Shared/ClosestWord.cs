namespace Samples;

/// <summary>Finds the word a user most likely meant.</summary>
internal static class ClosestWord
{
    public static string? To(string typed, IEnumerable<string> known)
    {
        var best = known.MinBy(word => Distance(typed, word));
        return best is not null && Distance(typed, best) <= Math.Max(1, best.Length / 3) ? best : null;
    }

    private static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var substitution = diagonal + (char.ToLowerInvariant(from[i - 1]) == char.ToLowerInvariant(to[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substitution, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[^1];
    }
}

namespace SafeLoop;

/// <summary>Finds the known word nearest to a mistyped one.</summary>
internal static class DidYouMean
{
    /// <summary>Returns ", did you mean 'x'?" when a candidate is close; otherwise an empty text.</summary>
    internal static string Ask(string word, IEnumerable<string> candidates) =>
        Closest(word, candidates) is { } closest ? $", did you mean '{closest}'?" : "";

    /// <summary>Ends a sentence with a full stop, unless it already ends with a question mark.</summary>
    internal static string End(string sentence) => sentence.EndsWith('?') ? sentence : $"{sentence}.";

    internal static string? Closest(string word, IEnumerable<string> candidates)
    {
        var closest = candidates.MinBy(candidate => Distance(word, candidate));
        return closest is not null && Distance(word, closest) <= Math.Max(1, word.Length / 4) ? closest : null;
    }

    /// <summary>The Levenshtein distance, ignoring case.</summary>
    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 0; i < left.Length; i++)
        {
            var diagonal = row[0]++;
            for (var j = 0; j < right.Length; j++)
            {
                var replaced = diagonal + (char.ToUpperInvariant(left[i]) == char.ToUpperInvariant(right[j]) ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(replaced, 1 + Math.Min(row[j], row[j + 1]));
            }
        }

        return row[^1];
    }
}

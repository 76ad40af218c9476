namespace SafeLoop.Tool;

/// <summary>A path as one line: the root, what programmers know of the way, and what there is so much of.</summary>
internal static class OwnerLine
{
    private const int MostColumns = 120;
    private const double Most = 0.5;
    private const string Left = "…";

    private static readonly HashSet<string> Nodes = ["Node", "LinkedListNode", "CallbackNode", "TimerQueueTimer"];

    /// <param name="root">What the root is.</param>
    /// <param name="steps">From the root to what the owner holds.</param>
    /// <param name="holder">Index of the step that is the owner.</param>
    public static string Of(string root, IReadOnlyList<OwnerStep> steps, int holder)
    {
        var end = End(steps, holder);
        var kept = steps.Take(end + 1).Where((step, i) => i == end || IsTelling(steps, i, end))
            .Select(step => (Text: Text(step), step.IsOfTheUser)).ToList();
        for (var i = kept.Count - 1; i > 0; i--)
        {
            if (kept[i - 1].Text == kept[i].Text)
                kept.RemoveAt(i);
        }

        while (kept.Count > 3 && root.Length + kept.Sum(step => step.Text.Length + 3) > MostColumns && Spare(kept) is { } spare)
        {
            kept[spare] = (Left, IsOfTheUser: true);
            if (kept[spare + 1].Text == Left)
                kept.RemoveAt(spare + 1);
            if (kept[spare - 1].Text == Left)
                kept.RemoveAt(spare - 1);
        }

        return string.Join(" → ", kept.Select(step => step.Text).Prepend(root));
    }

    /// <summary>
    /// The framework's steps are left out first, those next to the root before those next to what there is so much of; then
    /// what is in the middle. Never the ends.
    /// </summary>
    private static int? Spare(List<(string Text, bool IsOfTheUser)> kept)
    {
        var inner = Enumerable.Range(1, kept.Count - 2).Where(i => kept[i].Text != Left).ToArray();
        return inner.Length == 0 ? null
            : inner.OrderBy(i => kept[i].IsOfTheUser ? kept.Count + Math.Abs((2 * i) - kept.Count) : i).First();
    }

    /// <summary>
    /// The last type of the user's of which there are many, and that still stands for most of what is held; without one, the
    /// last of all.
    /// </summary>
    private static int End(IReadOnlyList<OwnerStep> steps, int holder)
    {
        for (var i = steps.Count - 1; i >= holder; i--)
        {
            if (steps[i] is { IsOfTheUser: true, Count: > 1 } && steps[i].RetainedBytes >= steps[holder].RetainedBytes * Most)
                return i;
        }

        return steps.Count - 1;
    }

    /// <summary>
    /// Types of the user's, where a way through the framework begins, and where one object leads to many. Nodes and tables
    /// say nothing.
    /// </summary>
    private static bool IsTelling(IReadOnlyList<OwnerStep> steps, int at, int end) =>
        steps[at].IsOfTheUser || at == 0 || steps[at - 1].IsOfTheUser
        || (!steps[end].IsOfTheUser && at == FirstOfMany(steps, end) && !steps[at].Type.EndsWith(']')
            && !Nodes.Contains(steps[at].ShortName));

    private static int FirstOfMany(IReadOnlyList<OwnerStep> steps, int end)
    {
        for (var i = 0; i < end; i++)
        {
            if (steps[i].Count > 1 && steps[i].Count * 2L >= steps[end].Count)
                return i;
        }

        return end;
    }

    private static string Text(OwnerStep step) =>
        step.Count > 1 ? $"{Tool.Text.Count(step.Count)} × {step.ShortName}" : step.ShortName;
}

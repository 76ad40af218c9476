using Xunit.Abstractions;

namespace SafeLoop.Tests.History.Oracle;

/// <summary>The kinds of answers that a year has met, so that a kind that is never asked about is seen.</summary>
internal sealed class AnswersMet
{
    private readonly Dictionary<string, int> _counts = [];

    /// <summary>The outcome with its reason where the answer has a record, otherwise the finding.</summary>
    public static string NameOf(SlotExplanation answer) => answer is { Finding: SlotFinding.Recorded, Entry.Record: var record }
        ? NameOf(record.Outcome, record.Reason)
        : $"{answer.Finding}";

    public static string NameOf(IterationOutcome outcome, OutcomeReason reason) =>
        reason is OutcomeReason.None ? $"{outcome}" : $"{outcome} {reason}";

    public void Add(SlotExplanation answer) => _counts[NameOf(answer)] = _counts.GetValueOrDefault(NameOf(answer)) + 1;

    /// <summary>Fails when a kind of answer was never met. Writes how often each was.</summary>
    public void MustHave(IEnumerable<string> expected, ITestOutputHelper output)
    {
        foreach (var (name, count) in _counts.OrderBy(one => one.Key, StringComparer.Ordinal))
            output.WriteLine($"{count,8} {name}");
        var missing = expected.Where(name => !_counts.ContainsKey(name)).ToList();
        Assert.True(missing.Count == 0, $"never met: {string.Join(", ", missing)}");
    }
}

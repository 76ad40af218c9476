using System.Numerics;

namespace SafeLoop;

/// <summary>
/// Sums up the health of the loops of a keyed task: for each symptom how many keys have it, up to three of them, and the
/// sentence about the first.
/// </summary>
/// <remarks>What is healthy, such as a key that has ended as planned, is not listed: there may be a million.</remarks>
internal sealed class KeyHealth
{
    private const Symptoms Listed = Symptoms.Stuck | Symptoms.GaveUp | Symptoms.Failing | Symptoms.BrokenPolicy | Symptoms.Overdue
        | Symptoms.WaitsForClock | Symptoms.SlotsPass | Symptoms.MayHang;

    private readonly KeyedLoops _task;
    private readonly SortedDictionary<Symptoms, Found> _found = [];

    public KeyHealth(KeyedLoops task, DateTimeOffset now)
    {
        (_task, Count) = (task, task.Count);
        foreach (var key in task.ViewAll())
        {
            var loop = LoopView.From(key);
            for (var left = (int)(LoopHealth.Judge(loop, now) & Listed); left != 0; left &= left - 1)
                FindingsOf((Symptoms)(1 << BitOperations.TrailingZeroCount(left))).Add(key.Loop, loop);
        }
    }

    public int Count { get; }

    /// <summary>Sentences with their subjects.</summary>
    public IEnumerable<(Symptoms Symptom, string Subject, string Sentence)> Judge()
    {
        foreach (var (symptom, found) in _found)
        {
            var examples = string.Join(", ", found.Examples.Select(loop => $"'{TextOf(loop)}'"));
            yield return (symptom, _task.Name,
                $"{LoopHealth.Summarize(symptom)} for {found.Count:N0} of {Count:N0} keys, among them {examples}.");
            yield return (symptom, $"{_task.Name}[{TextOf(found.Examples[0])}]", LoopHealth.Describe(symptom, found.First));
        }
    }

    private string TextOf(LoopId loop) => _task.KeyOf(loop) is { } key ? LoopName.FormatKey(key.Key) : "(removed)";

    private Found FindingsOf(Symptoms symptom)
    {
        if (!_found.TryGetValue(symptom, out var found))
            _found.Add(symptom, found = new());
        return found;
    }

    private sealed class Found
    {
        private const int MostExamples = 3;

        public int Count { get; private set; }

        public List<LoopId> Examples { get; } = new(MostExamples);

        public LoopView First { get; private set; }

        public void Add(LoopId loop, in LoopView view)
        {
            if (Count++ == 0)
                First = view;
            if (Examples.Count < MostExamples)
                Examples.Add(loop);
        }
    }
}

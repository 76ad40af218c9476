namespace SafeLoop.Tool;

/// <summary>Reads a rule by recursive descent, one method for each line of its grammar.</summary>
internal sealed class RuleParser(string rule)
{
    private readonly IReadOnlyList<RuleToken> _tokens = RuleTokens.Of(rule);
    private int _next;

    private RuleToken Next => _tokens[_next];

    public Condition Parse()
    {
        var condition = Any();
        return Next.Kind == RuleTokenKind.End
            ? condition
            : throw Fault($"'{Next.Text}' does not belong here: expected and, or, for, or the end.");
    }

    private Condition Any()
    {
        var conditions = new List<Condition> { All() };
        while (TryTake("or"))
            conditions.Add(All());

        // Every part is asked each time: one that counts how long it has held must see every moment.
        return (measures, at) => conditions.Count(condition => condition(measures, at)) > 0;
    }

    private Condition All()
    {
        var conditions = new List<Condition> { Lasting() };
        while (TryTake("and"))
            conditions.Add(Lasting());
        return (measures, at) => conditions.Count(condition => condition(measures, at)) == conditions.Count;
    }

    private Condition Lasting()
    {
        var condition = Comparison();
        if (!TryTake("for"))
            return condition;

        if (Next.Kind != RuleTokenKind.Number)
            throw Fault("After for comes a duration, like 30s.");
        var duration = RuleNumbers.Duration(rule, Take());
        TimeSpan? since = null;
        return (measures, at) =>
        {
            since = condition(measures, at) ? since ?? at : null;
            return since is { } began && at - began >= duration;
        };
    }

    private Condition Comparison()
    {
        var start = _next;
        if (TryTake("("))
        {
            // It may hold a condition or a value; what follows the bracket decides.
            if (IsCondition(start))
            {
                var condition = Any();
                Expect(")");
                return condition;
            }

            _next = start;
        }

        var left = Sum();
        if (!RuleComparisons.All.Contains(Next.Text))
            throw Fault(Next.Kind == RuleTokenKind.End
                ? "A comparison is missing, like > 0.5."
                : $"Expected a comparison like > or <=, but found '{Next.Text}'.");
        var comparison = Take().Text;
        var right = Sum();
        return (measures, _) => RuleComparisons.Holds(comparison, left(measures), right(measures));
    }

    private bool IsCondition(int open)
    {
        for (int i = open, depth = 0; i < _tokens.Count; i++)
        {
            depth += _tokens[i].Text == "(" ? 1 : _tokens[i].Text == ")" ? -1 : 0;
            if (depth == 0)
                return false;
            if (RuleComparisons.All.Contains(_tokens[i].Text))
                return true;
        }

        return false;
    }

    private Func<Measures, double> Sum()
    {
        var value = Product();
        while (Next.Text is "+" or "-")
        {
            var (before, isPlus, more) = (value, Take().Text == "+", Product());
            value = measures => isPlus ? before(measures) + more(measures) : before(measures) - more(measures);
        }

        return value;
    }

    private Func<Measures, double> Product()
    {
        var value = Value();
        while (Next.Text is "*" or "/")
        {
            var (before, isTimes, more) = (value, Take().Text == "*", Value());
            value = measures => isTimes ? before(measures) * more(measures) : before(measures) / more(measures);
        }

        return value;
    }

    private Func<Measures, double> Value()
    {
        if (TryTake("("))
        {
            var inner = Sum();
            Expect(")");
            return inner;
        }

        if (TryTake("-"))
        {
            var positive = Value();
            return measures => -positive(measures);
        }

        if (Next.Kind == RuleTokenKind.Number)
        {
            var number = RuleNumbers.Value(rule, Take());
            return _ => number;
        }

        if (Next.Kind != RuleTokenKind.Word)
            throw Fault(Next.Kind == RuleTokenKind.End
                ? "The rule ends where a measure or a number is missing."
                : $"Expected a measure or a number, but found '{Next.Text}'.");
        if (!Measures.Known.ContainsKey(Next.Text))
            throw Fault($"'{Next.Text}' is no measure. Known are {string.Join(", ", Measures.Known.Keys)}.");
        var name = Take().Text;
        return measures => measures[name];
    }

    private RuleToken Take() => _tokens[_next++];

    private bool TryTake(string text)
    {
        if (Next.Text != text)
            return false;
        _next++;
        return true;
    }

    private void Expect(string text)
    {
        if (!TryTake(text))
            throw Fault(
                Next.Kind == RuleTokenKind.End ? $"A '{text}' is missing." : $"Expected '{text}', but found '{Next.Text}'.");
    }

    private RuleException Fault(string sentence) => new(rule, Next.At, sentence);
}

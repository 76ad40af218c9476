namespace SafeLoop.Tool;

/// <summary>Remembers how the heap went, ever more coarsely: a watch of weeks keeps no more points than one of minutes.</summary>
internal sealed class Trend
{
    private const int Most = 600;

    private readonly List<TrendPoint> _points = [];
    private int _each = 1;
    private int _seen;

    public IReadOnlyList<TrendPoint> Points => [.. _points];

    public void Add(TrendPoint point)
    {
        if (_seen++ % _each != 0)
            return;

        _points.Add(point);
        if (_points.Count < Most)
            return;

        _each *= 2;
        var half = _points.Where((_, i) => i % 2 == 0).ToArray();
        _points.Clear();
        _points.AddRange(half);
    }
}

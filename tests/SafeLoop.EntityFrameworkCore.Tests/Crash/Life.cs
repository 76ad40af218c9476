namespace SafeLoop.EntityFrameworkCore.Tests.Crash;

/// <summary>One process of a replica, from its start to its death.</summary>
/// <param name="replica">The number of the replica, from 0.</param>
/// <param name="number">Which of the processes of the replica, from 1.</param>
/// <param name="cut">Where it is cut off; null: nowhere.</param>
internal sealed class Life(int replica, int number, Cut? cut)
{
    private readonly Lock _gate = new();
    private readonly List<Point> _points = [];

    public string Name { get; } = $"{replica}.{number}";

    public int Number => number;

    /// <summary>True when it has been killed.</summary>
    public bool IsDead { get; private set; }

    /// <summary>Its points so far, in their order.</summary>
    public IReadOnlyList<Point> Points
    {
        get
        {
            lock (_gate)
                return [.. _points];
        }
    }

    /// <summary>The point at which it was cut off; null: it was not.</summary>
    public string? CutAt { get; private set; }

    /// <summary>Comes to a point.</summary>
    /// <exception cref="CutException">The process is cut off here, or is dead.</exception>
    public void Reach(Point point, string text)
    {
        lock (_gate)
        {
            if (IsDead)
                throw new CutException($"from the database: process {Name} is dead");
            _points.Add(point);
            if (_points.Count != cut?.Point)
                return;
            CutAt = $"at point {_points.Count} of process {Name} ({cut.Value.Kind}), in {point.Call}, {point.Kind}: {text}";
            IsDead = cut.Value.Kind is CutKind.Kill;
            throw new CutException($"{point.Kind} {text}");
        }
    }

    /// <summary>Ends it.</summary>
    public void Kill() => IsDead = true;
}

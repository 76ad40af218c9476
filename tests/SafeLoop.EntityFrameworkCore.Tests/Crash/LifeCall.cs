namespace SafeLoop.EntityFrameworkCore.Tests.Crash;

/// <summary>A call of a process to the database.</summary>
/// <param name="Life">The process.</param>
/// <param name="Name">The method of the store, or "step".</param>
internal sealed record LifeCall(Life Life, string Name)
{
    private static readonly AsyncLocal<LifeCall?> Running = new();

    /// <summary>The call that is being executed; null: one of the test.</summary>
    public static LifeCall? Current
    {
        get => Running.Value;
        set => Running.Value = value;
    }

    public void Reach(PointKind kind, string text) => Life.Reach(new(Name, kind), text);
}

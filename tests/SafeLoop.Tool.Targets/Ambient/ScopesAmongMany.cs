namespace Targets.Ambient;

/// <summary>More async locals than the runtime keeps in a small map.</summary>
internal sealed class ScopesAmongMany : ITarget
{
    private readonly AsyncLocal<string>[] _others = [.. Enumerable.Range(0, 20).Select(_ => new AsyncLocal<string>())];

    public Task RunAsync(Work work)
    {
        foreach (var other in _others)
            other.Value = "set";
        return new Scopes().RunAsync(work);
    }
}

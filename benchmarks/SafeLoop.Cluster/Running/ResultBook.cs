namespace SafeLoop.Cluster.Running;

/// <summary>All results of all runs, and their medians.</summary>
internal sealed class ResultBook
{
    private readonly List<FaultResult> _faults = [];
    private readonly List<SteadyResult> _steady = [];

    public void Add(FaultResult result) => _faults.Add(result);

    public void Add(SteadyResult result) => _steady.Add(result);

    public IReadOnlyList<FaultResult> Of(string fault) => [.. _faults.Where(result => result.Fault == fault)];

    public IReadOnlyList<SteadyResult> Steady(string what) => [.. _steady.Where(result => result.What == what)];
}

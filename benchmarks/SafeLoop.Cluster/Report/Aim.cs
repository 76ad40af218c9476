namespace SafeLoop.Cluster.Report;

/// <summary>A figure that the cluster must reach.</summary>
/// <param name="What">The figure, with its limit.</param>
/// <param name="Measured">What was measured.</param>
/// <param name="IsReached">Null: it was not part of this run.</param>
internal sealed record Aim(string What, string Measured, bool? IsReached)
{
    public string Word => IsReached switch { true => "reached", false => "**not reached**", null => "not in this run" };
}

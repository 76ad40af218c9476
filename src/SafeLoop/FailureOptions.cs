namespace SafeLoop;

/// <summary>
/// What happens after several failures in a row. When several limits are reached, the most severe consequence applies. Not
/// thread-safe.
/// </summary>
/// <remarks>
/// Lower numbers: a broken task does less harm. Higher: the task survives short outages without manual action. A success, a
/// start, a resume and a change of the options reset the count.
/// </remarks>
public sealed record FailureOptions
{
    internal static FailureOptions Default { get; } = new();

    /// <summary>Pauses the task after this many failures in a row, until it is resumed by hand.</summary>
    /// <value>At least 1. The default is null: never.</value>
    public int? PauseAfter { get; set; }

    /// <summary>Ends the loop after this many failures in a row.</summary>
    /// <value>At least 1. The default is null: never.</value>
    public int? StopAfter { get; set; }

    /// <summary>Stops the whole host after this many failures in a row.</summary>
    /// <remarks>
    /// An exit code of 0 becomes 1, so that a supervisor (systemd, Kubernetes, Docker) restarts the process.
    /// </remarks>
    /// <value>At least 1. The default is null: never.</value>
    public int? StopHostAfter { get; set; }
}

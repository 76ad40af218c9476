namespace SafeLoop;

/// <summary>What follows from several failures in a row. The strongest that applies counts. Not thread-safe.</summary>
/// <remarks>
/// Lower numbers: a broken task does less harm. Higher: a short outage needs no hand. Failures count from zero after a
/// success, a start, a resume or a change.
/// </remarks>
public sealed record FailureOptions
{
    internal static FailureOptions Default { get; } = new();

    /// <summary>Pauses the task after so many failures in a row, until it is resumed by hand.</summary>
    /// <value>At least 1. The default is null: never.</value>
    public int? PauseAfter { get; set; }

    /// <summary>Ends the loop after so many failures in a row.</summary>
    /// <value>At least 1. The default is null: never.</value>
    public int? StopAfter { get; set; }

    /// <summary>Stops the whole host after so many failures in a row.</summary>
    /// <remarks>
    /// An exit code of 0 becomes 1, so that a supervisor (systemd, Kubernetes, Docker) restarts the process.
    /// </remarks>
    /// <value>At least 1. The default is null: never.</value>
    public int? StopHostAfter { get; set; }
}

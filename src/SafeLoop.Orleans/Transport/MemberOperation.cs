namespace SafeLoop;

/// <summary>The operations that hosts request from each other. Their texts are on the wire and never change.</summary>
internal static class MemberOperation
{
    /// <summary>Shards were given away: the host reads the store.</summary>
    public const string Notify = "notify";

    /// <summary>Runs an iteration now. The reply is pending when it takes longer.</summary>
    public const string Run = "run";

    /// <summary>Waits for a run that was pending.</summary>
    public const string Await = "await";

    /// <summary>Cancels a run that was pending.</summary>
    public const string Cancel = "cancel";

    public const string Pause = "pause";

    public const string Resume = "resume";

    public const string Snapshot = "snapshot";

    public const string Explain = "explain";

    public const string Add = "add";

    public const string Remove = "remove";
}

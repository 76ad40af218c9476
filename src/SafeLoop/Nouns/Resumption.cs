namespace SafeLoop;

/// <summary>Why a pause has ended, and who ended it.</summary>
/// <param name="Reason">Why, for the log.</param>
/// <param name="By">Who; null: not stated.</param>
internal readonly record struct Resumption(string Reason, string? By)
{
    /// <summary>The time until which it was paused has come.</summary>
    public static readonly Resumption ByTime = new("The time of the pause has passed.", null);

    /// <summary>A user has resumed it.</summary>
    /// <param name="reason">Why; null: not stated.</param>
    /// <param name="by">Who; null: not stated.</param>
    public static Resumption FromUser(string? reason = null, string? by = null) => new(reason ?? "Resumed by hand.", by);
}

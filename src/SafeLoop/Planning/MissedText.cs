using System.Globalization;

namespace SafeLoop;

/// <summary>Says why a slot was noticed too late, as far as the clocks can say.</summary>
internal static class MissedText
{
    // The clocks cannot be read at the same moment, and a smaller jump explains nothing.
    private static readonly TimeSpan Jump = TimeSpan.FromSeconds(1);

    /// <param name="late">How late the first slot was noticed.</param>
    /// <param name="clockJump">How far the wall clock went ahead of the monotonic one meanwhile; null: unknown.</param>
    public static string? WhyLate(TimeSpan late, TimeSpan? clockJump) => clockJump is not { } jump ? null
        : jump >= Jump && jump >= late / 2
            ? $"The clock went forward by {Text(jump)}: it was set, or the machine was suspended."
            : "The process did not run, or was overloaded.";

    private static string Text(TimeSpan span) =>
        new TimeSpan(span.Ticks - (span.Ticks % TimeSpan.TicksPerSecond)).ToString("c", CultureInfo.InvariantCulture);
}

namespace SafeLoop;

/// <summary>Computes the pause after failures in a row: initial × factor^(n−1), at most max, ± a random share.</summary>
internal static class BackOff
{
    /// <summary>The longest pause. An infinite pause would end the loop, and failures never do that.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(36_525);

    public static TimeSpan After(int failures, RecurringTaskOptions options, Func<double> random)
    {
        if (options.BackOff.Initial is not { } initial || failures == 0)
            return TimeSpan.Zero;

        var growth = Math.Pow(options.BackOff.Factor, failures - 1);
        var ticks = Math.Min(initial.Ticks * growth, options.BackOff.Max.Ticks);
        if (options.BackOff.Jitter > 0)
            ticks *= 1 + (options.BackOff.Jitter * ((2 * random()) - 1));
        return TimeSpan.FromTicks((long)Math.Min(ticks, Longest.Ticks));
    }
}

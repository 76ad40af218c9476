namespace SafeLoop;

/// <summary>How long to pause after so many failures in a row: initial × factor^(n−1), at most max, ± a random share.</summary>
internal static class BackOff
{
    public static TimeSpan After(int failures, RecurringTaskOptions options, Func<double> random)
    {
        if (options.BackOffInitial is not { } initial || failures == 0)
            return TimeSpan.Zero;

        var growth = Math.Pow(options.BackOffFactor, failures - 1);
        var ticks = Math.Min(initial.Ticks * growth, options.BackOffMax.Ticks);
        if (options.BackOffJitter > 0)
            ticks *= 1 + (options.BackOffJitter * ((2 * random()) - 1));
        return TimeSpan.FromTicks((long)ticks);
    }
}

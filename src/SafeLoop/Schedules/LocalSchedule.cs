using Cronos;

namespace SafeLoop;

/// <summary>
/// The local times that match one of several expressions, without zones: asks Cronos in UTC and reads the result as local time.
/// Times are ticks of whole seconds.
/// </summary>
internal sealed class LocalSchedule(params CronExpression[] expressions)
{
    internal const long NoneAfter = long.MaxValue;
    internal const long NoneBefore = long.MinValue;

    private TimesOfDay? _times; // every thread computes the same value, so it needs no lock

    /// <summary>The first time at or after <paramref name="local"/>, or <see cref="NoneAfter"/>.</summary>
    internal long AtOrAfter(long local)
    {
        if (local > DateTime.MaxValue.Ticks) return NoneAfter;
        var from = new DateTime(Math.Max(local, 0), DateTimeKind.Utc);
        var first = NoneAfter;
        foreach (var expression in expressions)
            first = Math.Min(first, expression.GetNextOccurrence(from, inclusive: true)?.Ticks ?? NoneAfter);
        return first;
    }

    /// <summary>The last time before <paramref name="local"/>, or <see cref="NoneBefore"/>.</summary>
    /// <remarks>
    /// Searches forward from increasingly earlier times, because <c>GetPreviousOccurrence</c> of Cronos 0.13 is wrong: for
    /// <c>30 0 * 3 *</c>, every day of March, it returns 28 February when called for 1 March at 00:15.
    /// </remarks>
    internal long Before(long local)
    {
        var limit = Math.Min(local, DateTime.MaxValue.Ticks + 1);
        for (var back = TimeSpan.TicksPerMinute; ; back = Math.Min(back, long.MaxValue / 4) * 4)
        {
            var from = Math.Max(limit - back, 0);
            var found = AtOrAfter(from);
            if (found < limit) return LastBetween(found, limit);
            if (from == 0) return NoneBefore;
        }
    }

    /// <summary>
    /// The number of times from <paramref name="from"/> to <paramref name="to"/>, exclusive. Visits each matching day, not each
    /// time.
    /// </summary>
    internal long Count(long from, long to)
    {
        var count = 0L;
        for (var at = AtOrAfter(from); at < to;)
        {
            _times ??= new TimesOfDay(this, at);
            var day = at - (at % TimeSpan.TicksPerDay);
            var end = Math.Min(to, day + TimeSpan.TicksPerDay);
            count += _times.Before(end - day) - _times.Before(at - day);
            at = AtOrAfter(end);
        }
        return count;
    }

    private long LastBetween(long found, long limit)
    {
        var low = found + TimeSpan.TicksPerSecond;
        var high = limit;
        while (low < high)
        {
            var middle = low + (high - low) / 2 / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond;
            var match = AtOrAfter(middle);
            if (match < limit)
            {
                found = match;
                low = match + TimeSpan.TicksPerSecond;
            }
            else
            {
                high = middle;
            }
        }

        return found;
    }
}

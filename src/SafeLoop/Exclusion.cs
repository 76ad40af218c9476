using System.Collections.Frozen;

namespace SafeLoop;

/// <summary>Times at which a recurring task has no slots: dates, weekdays, hours, or the times of another schedule.</summary>
/// <remarks>
/// Immutable. Hand it to <c>Except</c>; several exclude what any of them excludes. Dates and times of day are those of the task's
/// <see cref="RecurringTaskOptions.TimeZone"/>, or of its default, unless <see cref="In"/> names another zone.
/// </remarks>
/// <example>
/// Every hour, but neither at weekends nor while the database is being maintained:
/// <code>
/// services.AddRecurringTask&lt;Synchronize&gt;().Cron("0 * * * *", "Europe/Berlin")
///     .Except(Exclusion.Weekdays(DayOfWeek.Saturday, DayOfWeek.Sunday))
///     .Except(Exclusion.Cron("0 2 * * *", TimeSpan.FromHours(3)));
/// </code>
/// Every other Monday at nine by the clock, across daylight saving (<c>Every</c> of 14 days would shift by an hour):
/// <code>
/// var first = new DateOnly(2026, 1, 5);
/// services.AddRecurringTask&lt;Invoice&gt;().Cron("0 9 * * 1", "Europe/Berlin")
///     .Except(Exclusion.Dates(day =&gt; (day.DayNumber - first.DayNumber) % 14 != 0));
/// </code>
/// </example>
public sealed class Exclusion
{
    private Exclusion()
    {
    }

    /// <summary>One of the three is set.</summary>
    internal Func<DateOnly, bool>? Days { get; private init; }

    internal (TimeOnly From, TimeSpan Length)? Hours { get; private init; }

    internal (string Expression, TimeSpan Duration, CronDialect? Dialect)? Schedule { get; private init; }

    /// <summary>Null: the task's.</summary>
    internal string? Zone { get; private set; }

    /// <summary>Excludes whole days.</summary>
    /// <param name="dates">For example public holidays. None excludes nothing.</param>
    /// <exception cref="ArgumentNullException"><paramref name="dates"/> is null.</exception>
    public static Exclusion Dates(params IEnumerable<DateOnly> dates)
    {
        ArgumentNullException.ThrowIfNull(dates);
        return new() { Days = dates.ToFrozenSet().Contains };
    }

    /// <summary>Excludes whole days by a rule of your own, such as a calendar of holidays that changes while the host runs.</summary>
    /// <param name="isExcluded">
    /// Asked about a day whenever a slot is planned, on any thread, and about many days when many are excluded, so it must be quick. A
    /// day it throws for is not excluded, and the exception is logged.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="isExcluded"/> is null.</exception>
    public static Exclusion Dates(Func<DateOnly, bool> isExcluded)
    {
        ArgumentNullException.ThrowIfNull(isExcluded);
        return new() { Days = isExcluded };
    }

    /// <summary>Excludes whole days of the week.</summary>
    /// <param name="days">Which. None excludes nothing.</param>
    /// <exception cref="ArgumentNullException"><paramref name="days"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">One of <paramref name="days"/> is not a day of the week.</exception>
    public static Exclusion Weekdays(params DayOfWeek[] days)
    {
        ArgumentNullException.ThrowIfNull(days);
        var excluded = new bool[7];
        foreach (var day in days)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)day, (uint)DayOfWeek.Saturday, nameof(days));
            excluded[(int)day] = true;
        }
        return new() { Days = date => excluded[(int)date.DayOfWeek] };
    }

    /// <summary>Excludes the same hours of every day.</summary>
    /// <param name="from">The first excluded time of day, as clocks on the wall show it.</param>
    /// <param name="to">The first one that is not excluded any more. Earlier than <paramref name="from"/>: over midnight.</param>
    /// <exception cref="ArgumentException"><paramref name="from"/> and <paramref name="to"/> are the same.</exception>
    public static Exclusion Times(TimeOnly from, TimeOnly to) => from != to
        ? new() { Hours = (from, to - from) } // which counts over midnight
        : throw new ArgumentException($"The excluded times begin and end at {from:HH:mm:ss}. Give them a length, or exclude whole days.", nameof(to));

    /// <summary>Excludes the times of another schedule.</summary>
    /// <param name="expression">Five fields, six with seconds, or a macro, as <c>Cron</c> reads them.</param>
    /// <param name="duration">How long is excluded from each of its times on. Default: zero, which excludes only a slot at that very instant.</param>
    /// <param name="dialect">
    /// The scheduler for which the expression was written. Null: not stated; it is read as Cronos reads it.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="expression"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="duration"/> is negative, or <paramref name="dialect"/> is not one of the named values.
    /// </exception>
    /// <remarks>An expression that cannot be read is an error at start-up, like that of a task.</remarks>
    public static Exclusion Cron(string expression, TimeSpan duration = default, CronDialect? dialect = null)
    {
        ArgumentNullException.ThrowIfNull(expression);
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(
            (uint)dialect.GetValueOrDefault(), (uint)CronDialect.Quartz, nameof(dialect));
        return new() { Schedule = (expression, duration, dialect) };
    }

    /// <summary>The same dates, days or times in a zone of their own.</summary>
    /// <param name="zone">An IANA or Windows id. One that is unknown is an error at start-up.</param>
    /// <returns>Another exclusion; this one does not change.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="zone"/> is null.</exception>
    public Exclusion In(string zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        var copy = (Exclusion)MemberwiseClone();
        copy.Zone = zone;
        return copy;
    }
}

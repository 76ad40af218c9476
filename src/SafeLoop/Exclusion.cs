using System.Collections.Frozen;

namespace SafeLoop;

/// <summary>Times at which a recurring task has no slots: dates, weekdays, hours, or the times of another schedule.</summary>
/// <remarks>
/// Immutable. Pass it to <c>Except</c>. A time is excluded when any exclusion of the task excludes it. Dates and times of day
/// are in the task's <see cref="RecurringTaskOptions.TimeZone"/>, or its default, unless <see cref="In"/> sets another zone.
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

    /// <summary>Exactly one of the three rules is set.</summary>
    internal Func<DateOnly, bool>? Days { get; private init; }

    internal (TimeOnly From, TimeSpan Length)? Hours { get; private init; }

    internal (string Expression, TimeSpan Duration, CronDialect? Dialect)? Schedule { get; private init; }

    /// <summary>The zone of this exclusion; null: the zone of the task.</summary>
    internal string? Zone { get; private set; }

    /// <summary>Excludes whole days.</summary>
    /// <param name="dates">The dates, for example public holidays. An empty list excludes nothing.</param>
    /// <exception cref="ArgumentNullException"><paramref name="dates"/> is null.</exception>
    public static Exclusion Dates(params IEnumerable<DateOnly> dates)
    {
        ArgumentNullException.ThrowIfNull(dates);
        return new() { Days = dates.ToFrozenSet().Contains };
    }

    /// <summary>
    /// Excludes the days for which a function returns true, such as a calendar of holidays that changes while the host runs.
    /// </summary>
    /// <param name="isExcluded">
    /// Called for a day whenever a slot is planned, on any thread, and for many days in a row when many are excluded, so it
    /// must be quick. When it throws, the day is not excluded, and the exception is logged.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="isExcluded"/> is null.</exception>
    public static Exclusion Dates(Func<DateOnly, bool> isExcluded)
    {
        ArgumentNullException.ThrowIfNull(isExcluded);
        return new() { Days = isExcluded };
    }

    /// <summary>Excludes whole days of the week.</summary>
    /// <param name="days">The days of the week. An empty list excludes nothing.</param>
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
    /// <param name="from">The first excluded local time of day.</param>
    /// <param name="to">
    /// The end of the excluded time, exclusive. When it is earlier than <paramref name="from"/>, the time runs past midnight.
    /// </param>
    /// <exception cref="ArgumentException"><paramref name="from"/> and <paramref name="to"/> are the same.</exception>
    public static Exclusion Times(TimeOnly from, TimeOnly to) => from != to
        ? new() { Hours = (from, to - from) } // the subtraction wraps around midnight
        : throw new ArgumentException(
            $"The excluded times begin and end at {from:HH:mm:ss}. Give them a length, or exclude whole days.", nameof(to));

    /// <summary>Excludes the times of another schedule.</summary>
    /// <param name="expression">Five fields, six with seconds, or a macro, in the syntax of <c>Cron</c>.</param>
    /// <param name="duration">
    /// The length of the excluded time after each occurrence. Default: zero, which excludes only a slot at exactly that
    /// instant.
    /// </param>
    /// <param name="dialect">
    /// The scheduler for which the expression was written. Null: not stated; it is read as Cronos reads it.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="expression"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="duration"/> is negative, or <paramref name="dialect"/> is not one of the named values.
    /// </exception>
    /// <remarks>An invalid expression is reported at start-up, like that of a task.</remarks>
    public static Exclusion Cron(string expression, TimeSpan duration = default, CronDialect? dialect = null)
    {
        ArgumentNullException.ThrowIfNull(expression);
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(
            (uint)dialect.GetValueOrDefault(), (uint)CronDialect.Quartz, nameof(dialect));
        return new() { Schedule = (expression, duration, dialect) };
    }

    /// <summary>Returns the same exclusion with its own time zone.</summary>
    /// <param name="zone">An IANA or Windows id. An unknown id is reported at start-up.</param>
    /// <returns>A new exclusion; this one does not change.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="zone"/> is null.</exception>
    public Exclusion In(string zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        var copy = (Exclusion)MemberwiseClone();
        copy.Zone = zone;
        return copy;
    }
}

using SafeLoop;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Verbs that say when iterations run. A task has exactly one of <c>Every</c>, <c>WithDelay</c>, <c>Cron</c>, <c>Continuously</c> and <c>DelayBy</c>.</summary>
/// <remarks>
/// <code>
/// time          0    1    2    3    4    5    6          an iteration takes 1.5
/// Every(2)      xxxxxxxx  xxxxxxxx  xxxxxxxx  xx         on the grid start + n × period
/// WithDelay(2)  xxxxxxxx            xxxxxxxx             so long after the end
/// Continuously  xxxxxxxxXXXXXXXXxxxxxxxxXXXXXXXX         at once
/// </code>
/// </remarks>
public static class RecurringTaskScheduleExtensions
{
    /// <summary>Fixed rate: the first iteration at start, then on the grid start + n × period, however long iterations take.</summary>
    /// <typeparam name="TBuilder">The type of <paramref name="builder"/>.</typeparam>
    /// <param name="builder">The task.</param>
    /// <param name="period">At least 1 millisecond.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static TBuilder Every<TBuilder>(this TBuilder builder, TimeSpan period)
        where TBuilder : IRecurringTaskBuilder => builder.Configure(options => options.Every = period);

    /// <summary>Fixed delay: the first iteration at start, each next one so long after the end of the last.</summary>
    /// <typeparam name="TBuilder">The type of <paramref name="builder"/>.</typeparam>
    /// <param name="builder">The task.</param>
    /// <param name="delay">At least 1 millisecond.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static TBuilder WithDelay<TBuilder>(this TBuilder builder, TimeSpan delay)
        where TBuilder : IRecurringTaskBuilder => builder.Configure(options => options.Delay = delay);

    /// <summary>The first iteration at the first matching time, unless <see cref="RunOnStart"/>.</summary>
    /// <typeparam name="TBuilder">The type of <paramref name="builder"/>.</typeparam>
    /// <param name="builder">The task.</param>
    /// <param name="expression">5 fields, 6 with seconds, or a macro such as <c>@daily</c>.</param>
    /// <param name="zone">
    /// An IANA or Windows id, or <c>Local</c> for the zone of the machine; null: that of the setting
    /// <c>RecurringTasks:TimeZone</c>, or UTC.
    /// </param>
    /// <param name="dialect">
    /// The scheduler for which the expression was written. Null: it is read as Cronos reads it, and SafeLoop logs a warning when
    /// another scheduler would read it differently.
    /// </param>
    /// <returns><paramref name="builder"/>.</returns>
    public static TBuilder Cron<TBuilder>(
        this TBuilder builder, string expression, string? zone = null, CronDialect? dialect = null)
        where TBuilder : IRecurringTaskBuilder =>
        builder.Configure(options => (options.Cron, options.TimeZone, options.CronDialect) = (expression, zone, dialect));

    /// <summary>The next iteration starts as soon as the last has ended; after anything but a success, a second later.</summary>
    /// <typeparam name="TBuilder">The type of <paramref name="builder"/>.</typeparam>
    /// <param name="builder">The task.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static TBuilder Continuously<TBuilder>(this TBuilder builder)
        where TBuilder : IRecurringTaskBuilder => builder.Configure(static options => options.Continuously = true);

    /// <summary>A schedule of your own.</summary>
    /// <typeparam name="TBuilder">The type of <paramref name="builder"/>.</typeparam>
    /// <param name="builder">The task.</param>
    /// <param name="policy">Says when next.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static TBuilder DelayBy<TBuilder>(this TBuilder builder, IDelayPolicy policy)
        where TBuilder : IRecurringTaskBuilder => builder.Configure(options => options.DelayPolicy = policy);

    /// <summary>Delays each start by a random time, drawn anew for each slot, and never past the next slot.</summary>
    /// <typeparam name="TBuilder">The type of <paramref name="builder"/>.</typeparam>
    /// <param name="builder">The task.</param>
    /// <param name="max">The longest delay; zero or more.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static TBuilder WithJitter<TBuilder>(this TBuilder builder, TimeSpan max)
        where TBuilder : IRecurringTaskBuilder => builder.Configure(options => options.Jitter = max);

    /// <summary>Shifts the phase by a stable share of the period, computed from the task's name (and the key, of a keyed one), so that many tasks do not start together.</summary>
    /// <typeparam name="TBuilder">The type of <paramref name="builder"/>.</typeparam>
    /// <param name="builder">The task.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <remarks>See <see cref="RecurringTaskOptions.Spread"/>.</remarks>
    public static TBuilder Spread<TBuilder>(this TBuilder builder)
        where TBuilder : IRecurringTaskBuilder => builder.Configure(static options => options.Spread = true);

    /// <summary>The schedule counts from so long after the loop's start.</summary>
    /// <typeparam name="TBuilder">The type of <paramref name="builder"/>.</typeparam>
    /// <param name="builder">The task.</param>
    /// <param name="delay">Zero or more.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static TBuilder StartAfter<TBuilder>(this TBuilder builder, TimeSpan delay)
        where TBuilder : IRecurringTaskBuilder => builder.Configure(options => options.StartAfter = delay);

    /// <summary>No slot before this instant. The grid of <see cref="Every"/> goes through it, also when it has passed.</summary>
    /// <typeparam name="TBuilder">The type of <paramref name="builder"/>.</typeparam>
    /// <param name="builder">The task.</param>
    /// <param name="instant">On the wall clock. A task that has begun goes on, also when the clock is set back to before it.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static TBuilder StartAt<TBuilder>(this TBuilder builder, DateTimeOffset instant)
        where TBuilder : IRecurringTaskBuilder => builder.Configure(options => options.StartAt = instant);

    /// <summary>No slot after this instant; then the loop ends.</summary>
    /// <typeparam name="TBuilder">The type of <paramref name="builder"/>.</typeparam>
    /// <param name="builder">The task.</param>
    /// <param name="instant">On the wall clock.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static TBuilder EndAt<TBuilder>(this TBuilder builder, DateTimeOffset instant)
        where TBuilder : IRecurringTaskBuilder => builder.Configure(options => options.EndAt = instant);

    /// <summary>
    /// No slots at these times. A slot of <see cref="Every"/> or <see cref="Cron"/> that falls into them is left out, as if the schedule did
    /// not have it; any other (of <see cref="WithDelay"/>, <see cref="Continuously"/> or <see cref="DelayBy"/>, chosen by a step, at start) is
    /// put off to their end. May be called several times.
    /// </summary>
    /// <typeparam name="TBuilder">The type of <paramref name="builder"/>.</typeparam>
    /// <param name="builder">The task.</param>
    /// <param name="exclusion">Dates, weekdays, hours, or the times of another schedule.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static TBuilder Except<TBuilder>(this TBuilder builder, Exclusion exclusion)
        where TBuilder : IRecurringTaskBuilder
    {
        ArgumentNullException.ThrowIfNull(exclusion);
        return builder.Configure(options => options.Exclusions.Add(exclusion));
    }

    /// <summary>Sets whether scheduled slots wait until the application has started, as they do by default.</summary>
    /// <typeparam name="TBuilder">The type of <paramref name="builder"/>.</typeparam>
    /// <param name="builder">The task.</param>
    /// <param name="isAwaited">
    /// False: the slots begin while the host is starting, before the <c>StartAsync</c> of any hosted service.
    /// </param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <remarks>See <see cref="RecurringTaskOptions.AwaitApplicationStarted"/>.</remarks>
    public static TBuilder AwaitApplicationStarted<TBuilder>(this TBuilder builder, bool isAwaited = true)
        where TBuilder : IRecurringTaskBuilder =>
        builder.Configure(options => options.AwaitApplicationStarted = isAwaited);

    /// <summary>Runs once at the loop's start, whatever the schedule says. Intervals do so anyway.</summary>
    /// <typeparam name="TBuilder">The type of <paramref name="builder"/>.</typeparam>
    /// <param name="builder">The task.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static TBuilder RunOnStart<TBuilder>(this TBuilder builder)
        where TBuilder : IRecurringTaskBuilder => builder.Configure(static options => options.RunOnStart = true);

    /// <summary>What to do with slots that were noticed too late.</summary>
    /// <typeparam name="TBuilder">The type of <paramref name="builder"/>.</typeparam>
    /// <param name="builder">The task.</param>
    /// <param name="policy">See <see cref="MissedSlots"/>.</param>
    /// <param name="window">How late a slot may still run; null: until the next slot (<see cref="MissedSlots.Skip"/>: half way to it; <see cref="MissedSlots.RunAll"/>: no limit).</param>
    /// <param name="max">How many <see cref="MissedSlots.RunAll"/> runs at most.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static TBuilder OnMissed<TBuilder>(this TBuilder builder, MissedSlots policy, TimeSpan? window = null, int max = 100)
        where TBuilder : IRecurringTaskBuilder =>
        builder.Configure(options => options.Missed = new() { Policy = policy, Window = window, Max = max });

    /// <summary>What to do with a slot that comes due while the previous iteration is running.</summary>
    /// <typeparam name="TBuilder">The type of <paramref name="builder"/>.</typeparam>
    /// <param name="builder">The task.</param>
    /// <param name="policy">See <see cref="Overlap"/>.</param>
    /// <param name="max">The size of the buffer of <see cref="Overlap.BufferAll"/>, or the number of parallel iterations of <see cref="Overlap.Allow"/>.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static TBuilder OnOverlap<TBuilder>(this TBuilder builder, Overlap policy, int max = 100)
        where TBuilder : IRecurringTaskBuilder =>
        builder.Configure(options => options.Overlap = new() { Policy = policy, Max = max });

    /// <summary>What a cron task does with local times that do not exist, or occur twice, because clocks are set.</summary>
    /// <typeparam name="TBuilder">The type of <paramref name="builder"/>.</typeparam>
    /// <param name="builder">The task.</param>
    /// <param name="skipped">See <see cref="SkippedTime"/>.</param>
    /// <param name="repeated">See <see cref="RepeatedTime"/>.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static TBuilder OnDaylightSaving<TBuilder>(
        this TBuilder builder, SkippedTime skipped = default, RepeatedTime repeated = default)
        where TBuilder : IRecurringTaskBuilder =>
        builder.Configure(options => options.DaylightSaving = new() { Skipped = skipped, Repeated = repeated });
}

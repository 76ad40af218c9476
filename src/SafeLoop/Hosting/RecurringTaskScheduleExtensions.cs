using SafeLoop;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>
/// Verbs that define when iterations run. A task has exactly one of <c>Every</c>, <c>WithDelay</c>, <c>Cron</c>,
/// <c>Continuously</c> and <c>DelayBy</c>.
/// </summary>
/// <remarks>
/// <code>
/// time          0    1    2    3    4    5    6          an iteration takes 1.5
/// Every(2)      xxxxxxxx  xxxxxxxx  xxxxxxxx  xx         on the grid start + n × period
/// WithDelay(2)  xxxxxxxx            xxxxxxxx             2 after the end
/// Continuously  xxxxxxxxXXXXXXXXxxxxxxxxXXXXXXXX         at once
/// </code>
/// </remarks>
public static class RecurringTaskScheduleExtensions
{
    /// <summary>
    /// Fixed rate: the first iteration at start, then on the grid start + n × period, independent of the duration of
    /// iterations.
    /// </summary>
    /// <typeparam name="TBuilder">The type of <paramref name="builder"/>.</typeparam>
    /// <param name="builder">The task.</param>
    /// <param name="period">At least 1 millisecond.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static TBuilder Every<TBuilder>(this TBuilder builder, TimeSpan period)
        where TBuilder : IRecurringTaskBuilder => builder.Configure(options => options.Every = period);

    /// <summary>Fixed delay: the first iteration at start, each next one this long after the end of the last.</summary>
    /// <typeparam name="TBuilder">The type of <paramref name="builder"/>.</typeparam>
    /// <param name="builder">The task.</param>
    /// <param name="delay">At least 1 millisecond.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static TBuilder WithDelay<TBuilder>(this TBuilder builder, TimeSpan delay)
        where TBuilder : IRecurringTaskBuilder => builder.Configure(options => options.Delay = delay);

    /// <summary>
    /// Runs at the times of a cron expression. The first iteration is at the first matching time, unless
    /// <see cref="RunOnStart"/> is called.
    /// </summary>
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

    /// <summary>
    /// Starts the next iteration when the last one has ended; after any outcome except a success, one second later.
    /// </summary>
    /// <typeparam name="TBuilder">The type of <paramref name="builder"/>.</typeparam>
    /// <param name="builder">The task.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static TBuilder Continuously<TBuilder>(this TBuilder builder)
        where TBuilder : IRecurringTaskBuilder => builder.Configure(static options => options.Continuously = true);

    /// <summary>A schedule of your own.</summary>
    /// <typeparam name="TBuilder">The type of <paramref name="builder"/>.</typeparam>
    /// <param name="builder">The task.</param>
    /// <param name="policy">Computes the next slot.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static TBuilder DelayBy<TBuilder>(this TBuilder builder, IDelayPolicy policy)
        where TBuilder : IRecurringTaskBuilder => builder.Configure(options => options.DelayPolicy = policy);

    /// <summary>Delays each start by a random time, drawn for each slot, and never past the next slot.</summary>
    /// <typeparam name="TBuilder">The type of <paramref name="builder"/>.</typeparam>
    /// <param name="builder">The task.</param>
    /// <param name="max">The longest delay; zero or more.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static TBuilder WithJitter<TBuilder>(this TBuilder builder, TimeSpan max)
        where TBuilder : IRecurringTaskBuilder => builder.Configure(options => options.Jitter = max);

    /// <summary>
    /// Shifts the phase by a stable share of the period, computed from the task's name (and the key of a keyed task), so that
    /// many tasks do not start together.
    /// </summary>
    /// <typeparam name="TBuilder">The type of <paramref name="builder"/>.</typeparam>
    /// <param name="builder">The task.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <remarks>See <see cref="RecurringTaskOptions.Spread"/>.</remarks>
    public static TBuilder Spread<TBuilder>(this TBuilder builder)
        where TBuilder : IRecurringTaskBuilder => builder.Configure(static options => options.Spread = true);

    /// <summary>Starts the schedule this long after the loop's start.</summary>
    /// <typeparam name="TBuilder">The type of <paramref name="builder"/>.</typeparam>
    /// <param name="builder">The task.</param>
    /// <param name="delay">Zero or more.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static TBuilder StartAfter<TBuilder>(this TBuilder builder, TimeSpan delay)
        where TBuilder : IRecurringTaskBuilder => builder.Configure(options => options.StartAfter = delay);

    /// <summary>
    /// Sets the earliest slot. The grid of <see cref="Every"/> contains this instant, also when it has passed.
    /// </summary>
    /// <typeparam name="TBuilder">The type of <paramref name="builder"/>.</typeparam>
    /// <param name="builder">The task.</param>
    /// <param name="instant">
    /// On the wall clock. A task that has begun continues, also when the clock is set back to before this instant.
    /// </param>
    /// <returns><paramref name="builder"/>.</returns>
    public static TBuilder StartAt<TBuilder>(this TBuilder builder, DateTimeOffset instant)
        where TBuilder : IRecurringTaskBuilder => builder.Configure(options => options.StartAt = instant);

    /// <summary>Sets the latest slot; after it the loop ends.</summary>
    /// <typeparam name="TBuilder">The type of <paramref name="builder"/>.</typeparam>
    /// <param name="builder">The task.</param>
    /// <param name="instant">On the wall clock.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static TBuilder EndAt<TBuilder>(this TBuilder builder, DateTimeOffset instant)
        where TBuilder : IRecurringTaskBuilder => builder.Configure(options => options.EndAt = instant);

    /// <summary>
    /// Excludes times. A slot of <see cref="Every"/> or <see cref="Cron"/> in an excluded time is dropped, as if the schedule
    /// did not have it. Any other slot (of <see cref="WithDelay"/>, <see cref="Continuously"/> or <see cref="DelayBy"/>, chosen
    /// by a step, or at start) is postponed to the end of the excluded time. May be called several times.
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

    /// <summary>Runs once at the loop's start, in addition to the schedule. Intervals always start with a run.</summary>
    /// <typeparam name="TBuilder">The type of <paramref name="builder"/>.</typeparam>
    /// <param name="builder">The task.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static TBuilder RunOnStart<TBuilder>(this TBuilder builder)
        where TBuilder : IRecurringTaskBuilder => builder.Configure(static options => options.RunOnStart = true);

    /// <summary>Sets what to do with missed slots: slots that the loop noticed too late.</summary>
    /// <typeparam name="TBuilder">The type of <paramref name="builder"/>.</typeparam>
    /// <param name="builder">The task.</param>
    /// <param name="policy">See <see cref="MissedSlots"/>.</param>
    /// <param name="window">
    /// How late a slot may still run; null: until the next slot (<see cref="MissedSlots.Skip"/>: half the time to it;
    /// <see cref="MissedSlots.RunAll"/>: no limit).
    /// </param>
    /// <param name="max">The maximum number of missed slots that <see cref="MissedSlots.RunAll"/> runs.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static TBuilder OnMissed<TBuilder>(this TBuilder builder, MissedSlots policy, TimeSpan? window = null, int max = 100)
        where TBuilder : IRecurringTaskBuilder =>
        builder.Configure(options => options.Missed = new() { Policy = policy, Window = window, Max = max });

    /// <summary>
    /// Remembers the slots in the store: what came due while no host was running is recorded and, within the window, caught up.
    /// </summary>
    /// <typeparam name="TBuilder">The type of <paramref name="builder"/>.</typeparam>
    /// <param name="builder">The task. It needs a store, and <c>Cron</c> or <c>Every</c>.</param>
    /// <param name="window">How late a slot may run that came due while no host was running.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <remarks>See <see cref="RecurringTaskOptions.SurviveRestarts"/>.</remarks>
    public static TBuilder SurviveRestarts<TBuilder>(this TBuilder builder, TimeSpan window)
        where TBuilder : IRecurringTaskBuilder => builder.Configure(options => options.SurviveRestarts = window);

    /// <summary>Takes the state and the history of the task along from the name it had before it was renamed.</summary>
    /// <typeparam name="TBuilder">The type of <paramref name="builder"/>.</typeparam>
    /// <param name="builder">The task.</param>
    /// <param name="name">The former name. No task of the host may have it now.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <remarks>See <see cref="RecurringTaskOptions.FormerName"/>.</remarks>
    public static TBuilder FormerlyNamed<TBuilder>(this TBuilder builder, string name)
        where TBuilder : IRecurringTaskBuilder => builder.Configure(options => options.FormerName = name);

    /// <summary>Sets what to do with a slot that comes due while the previous iteration is running.</summary>
    /// <typeparam name="TBuilder">The type of <paramref name="builder"/>.</typeparam>
    /// <param name="builder">The task.</param>
    /// <param name="policy">See <see cref="Overlap"/>.</param>
    /// <param name="max">
    /// The size of the buffer of <see cref="Overlap.BufferAll"/>, or the number of parallel iterations of
    /// <see cref="Overlap.Allow"/>.
    /// </param>
    /// <returns><paramref name="builder"/>.</returns>
    public static TBuilder OnOverlap<TBuilder>(this TBuilder builder, Overlap policy, int max = 100)
        where TBuilder : IRecurringTaskBuilder =>
        builder.Configure(options => options.Overlap = new() { Policy = policy, Max = max });

    /// <summary>
    /// Sets what a cron task does with local times that do not exist, or occur twice, because clocks are set.
    /// </summary>
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

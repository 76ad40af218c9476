using SafeLoop;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>
/// Verbs that give each key of a keyed task its own schedule, instead of <c>Every</c> or <c>Cron</c> with one for all keys.
/// </summary>
/// <remarks>
/// <para>
/// SafeLoop calls the delegate when the loop of a key starts, and for all keys when the options of the task change. It does not
/// call it between two iterations of a key with a valid schedule. The call runs on a thread of the pool or on the thread that
/// calls <c>TryAdd</c>, under no lock, and calls for different keys may run concurrently. The delegate must not block: while it
/// blocks, its key does not start. Other keys do.
/// </para>
/// <para>
/// When the delegate throws or returns no valid schedule, that key fails once a minute without running its step. The iteration
/// is <see cref="IterationOutcome.Failed"/>, and its exception explains why. Each time SafeLoop calls the delegate again, and
/// the schedule begins as soon as it is valid. Other keys run.
/// </para>
/// <para>
/// Keys with equal schedules share one definition. Each different schedule costs about a kilobyte. All other verbs
/// (<c>BackOff</c>, <c>WithJitter</c>, <c>Spread</c>, <c>StartAt</c>, <c>Except</c>, <c>OnMissed</c>, …) act as with one
/// schedule. A schedule in configuration (<c>RecurringTasks:{name}:Every</c>) replaces the delegate for all keys. Cron
/// expressions are read in the dialect of the task (<see cref="RecurringTaskOptions.CronDialect"/>). SafeLoop logs a warning
/// for the first one that another scheduler would read differently.
/// </para>
/// </remarks>
public static class RecurringTaskKeyScheduleExtensions
{
    private const string EveryVerb = "Every(key => …)", CronVerb = "Cron(key => …)";

    private static readonly KeySchedule RetryEveryMinute = new(TimeSpan.FromMinutes(1)), RetryByCron = new(null, "* * * * *");

    /// <summary>
    /// Fixed rate with a period per key: the first iteration when the key's loop starts, then on the grid start + n × period.
    /// </summary>
    /// <typeparam name="TKey">The type of the task's keys.</typeparam>
    /// <param name="builder">The task.</param>
    /// <param name="period">
    /// Returns the period of a key; at least 1 millisecond. The remarks of the class say when it is called.
    /// </param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <example>
    /// <code>
    /// services.AddRecurringTask&lt;UpdateDevice, Device&gt;().Every(device => device.Period).Spread();
    /// </code>
    /// </example>
    public static IRecurringTaskBuilder<TKey> Every<TKey>(this IRecurringTaskBuilder<TKey> builder, Func<TKey, TimeSpan> period)
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(period);
        return Select<IRecurringTaskBuilder<TKey>, TKey>(builder, EveryVerb, RetryEveryMinute, key => new(period(key)));
    }

    /// <inheritdoc cref="Every{TKey}(IRecurringTaskBuilder{TKey}, Func{TKey, TimeSpan})"/>
    /// <remarks>
    /// Works anywhere in the chain when the lambda states the type of the key: <c>.Every((Device device) => device.Period)</c>.
    /// </remarks>
    /// <exception cref="InvalidRecurringTaskException">The task has no keys of type <typeparamref name="TKey"/>.</exception>
    public static IRecurringTaskBuilder Every<TKey>(this IRecurringTaskBuilder builder, Func<TKey, TimeSpan> period)
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(period);
        return Select<IRecurringTaskBuilder, TKey>(builder, EveryVerb, RetryEveryMinute, key => new(period(key)));
    }

    /// <summary>A cron expression per key, all in one zone.</summary>
    /// <typeparam name="TKey">The type of the task's keys.</typeparam>
    /// <param name="builder">The task.</param>
    /// <param name="expression">
    /// Returns the expression of a key: 5 fields, 6 with seconds, or a macro such as <c>@daily</c>. The remarks of the class say
    /// when it is called.
    /// </param>
    /// <param name="zone">
    /// An IANA or Windows id, or <c>Local</c> for the zone of the machine; null: that of the setting
    /// <c>RecurringTasks:TimeZone</c>, or UTC.
    /// </param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="expression"/> is null.</exception>
    public static IRecurringTaskBuilder<TKey> Cron<TKey>(
        this IRecurringTaskBuilder<TKey> builder, Func<TKey, string> expression, string? zone = null)
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(expression);
        return SelectCron(builder, expression).Configure(options => options.TimeZone = zone);
    }

    /// <inheritdoc cref="Cron{TKey}(IRecurringTaskBuilder{TKey}, Func{TKey, string}, string?)"/>
    /// <remarks>
    /// Works anywhere in the chain when the lambda states the type of the key: <c>.Cron((Tenant tenant) => tenant.Schedule)</c>.
    /// </remarks>
    /// <exception cref="InvalidRecurringTaskException">The task has no keys of type <typeparamref name="TKey"/>.</exception>
    public static IRecurringTaskBuilder Cron<TKey>(
        this IRecurringTaskBuilder builder, Func<TKey, string> expression, string? zone = null)
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(expression);
        return SelectCron(builder, expression).Configure(options => options.TimeZone = zone);
    }

    /// <summary>A cron expression and a zone per key. Exclusions without their own zone are read in the key's zone too.</summary>
    /// <typeparam name="TKey">The type of the task's keys.</typeparam>
    /// <param name="builder">The task.</param>
    /// <param name="expression">
    /// Returns the expression of a key: 5 fields, 6 with seconds, or a macro such as <c>@daily</c>. The remarks of the class say
    /// when it is called.
    /// </param>
    /// <param name="zone">
    /// Returns the IANA or Windows id of the zone of a key; null: the task's <see cref="RecurringTaskOptions.TimeZone"/>.
    /// </param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="expression"/> or <paramref name="zone"/> is null.</exception>
    /// <example>
    /// <code>
    /// services.AddRecurringTask&lt;SendReport, Tenant&gt;().Cron(tenant => "0 8 * * 1-5", tenant => tenant.Zone);
    /// </code>
    /// </example>
    public static IRecurringTaskBuilder<TKey> Cron<TKey>(
        this IRecurringTaskBuilder<TKey> builder, Func<TKey, string> expression, Func<TKey, string?> zone)
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(expression);
        ArgumentNullException.ThrowIfNull(zone);
        return SelectCron(builder, expression, zone);
    }

    /// <inheritdoc cref="Cron{TKey}(IRecurringTaskBuilder{TKey}, Func{TKey, string}, Func{TKey, string?})"/>
    /// <remarks>Works anywhere in the chain when the lambdas state the type of the key.</remarks>
    /// <exception cref="InvalidRecurringTaskException">The task has no keys of type <typeparamref name="TKey"/>.</exception>
    public static IRecurringTaskBuilder Cron<TKey>(
        this IRecurringTaskBuilder builder, Func<TKey, string> expression, Func<TKey, string?> zone)
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(expression);
        ArgumentNullException.ThrowIfNull(zone);
        return SelectCron(builder, expression, zone);
    }

    private static TBuilder SelectCron<TBuilder, TKey>(
        TBuilder builder, Func<TKey, string?> expression, Func<TKey, string?>? zone = null)
        where TBuilder : IRecurringTaskBuilder
        where TKey : notnull =>
        Select<TBuilder, TKey>(builder, CronVerb, RetryByCron, key => new(
            null,
            expression(key) ?? throw new InvalidOperationException("The cron expression is null."),
            zone?.Invoke(key)));

    private static TBuilder Select<TBuilder, TKey>(
        TBuilder builder, string verb, KeySchedule retry, Func<TKey, KeySchedule> select)
        where TBuilder : IRecurringTaskBuilder
        where TKey : notnull
    {
        _ = RecurringTaskBuilder.From(builder).LoopsOf<TKey>($"{verb} takes");
        var selector = new KeyScheduleSelector<TKey>(verb, retry, select); // one for all reloads, which compare it by reference
        return builder.Configure(options => options.KeySchedules = selector);
    }
}

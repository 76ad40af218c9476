using SafeLoop;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Verbs that give each key of a keyed task a schedule of its own. They stand in place of <c>Every</c> and <c>Cron</c> with one schedule for all keys.</summary>
/// <remarks>
/// <para>
/// The delegate is called when the loop of a key starts, and for all keys when the options of the task change; never between two iterations. It runs on a thread
/// of the pool, or that of the caller of <c>TryAdd</c>, under no lock. Calls for different keys run at the same time. It must return at once: a key
/// whose call blocks does not start, and others do.
/// </para>
/// <para>
/// A key for which it throws, or returns no valid schedule, fails once a minute without running its step: the iteration is
/// <see cref="IterationOutcome.Failed"/> with a sentence. The delegate is called again each time, until the schedule is valid and begins. Other keys do not notice.
/// </para>
/// <para>
/// Keys with equal schedules share one definition, so a schedule of its own costs a key nothing; each different schedule costs about a kilobyte.
/// Everything else (<c>BackOff</c>, <c>WithJitter</c>, <c>Spread</c>, <c>StartAt</c>, <c>Except</c>, <c>OnMissed</c>, …) acts as with one schedule. A schedule in configuration
/// (<c>RecurringTasks:{name}:Every</c>) replaces the delegate for all keys. Expressions are read in the dialect of the task
/// (<see cref="RecurringTaskOptions.CronDialect"/>); of those that another scheduler would read otherwise the first is logged as a warning.
/// </para>
/// </remarks>
public static class RecurringTaskKeyScheduleExtensions
{
    private const string EveryVerb = "Every(key => …)", CronVerb = "Cron(key => …)";

    private static readonly KeySchedule RetryEveryMinute = new(TimeSpan.FromMinutes(1)), RetryByCron = new(null, "* * * * *");

    /// <summary>Fixed rate with a period per key: the first iteration when the key's loop starts, then on the grid start + n × period.</summary>
    /// <typeparam name="TKey">The type of the task's keys.</typeparam>
    /// <param name="builder">The task.</param>
    /// <param name="period">Returns the period of a key: at least 1 millisecond. See the remarks of the class for when it is called.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <example><code>services.AddRecurringTask&lt;UpdateDevice, Device&gt;().Every(device => device.Period).Spread();</code></example>
    public static IRecurringTaskBuilder<TKey> Every<TKey>(this IRecurringTaskBuilder<TKey> builder, Func<TKey, TimeSpan> period)
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(period);
        return Select<IRecurringTaskBuilder<TKey>, TKey>(builder, EveryVerb, RetryEveryMinute, key => new(period(key)));
    }

    /// <inheritdoc cref="Every{TKey}(IRecurringTaskBuilder{TKey}, Func{TKey, TimeSpan})"/>
    /// <remarks>Anywhere in the chain. Write the type of the key: <c>.Every((Device device) => device.Period)</c>.</remarks>
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
    /// <param name="expression">Returns the expression of a key: 5 fields, 6 with seconds, or a macro such as <c>@daily</c>. See the remarks of the class for when it is called.</param>
    /// <param name="zone">An IANA or Windows id; null: UTC.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static IRecurringTaskBuilder<TKey> Cron<TKey>(this IRecurringTaskBuilder<TKey> builder, Func<TKey, string> expression, string? zone = null)
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(expression);
        return Select<IRecurringTaskBuilder<TKey>, TKey>(builder, CronVerb, RetryByCron, key => new(null, Checked(expression(key))))
            .Configure(options => options.TimeZone = zone);
    }

    /// <inheritdoc cref="Cron{TKey}(IRecurringTaskBuilder{TKey}, Func{TKey, string}, string?)"/>
    /// <remarks>Anywhere in the chain. Write the type of the key: <c>.Cron((Tenant tenant) => tenant.Schedule)</c>.</remarks>
    /// <exception cref="InvalidRecurringTaskException">The task has no keys of type <typeparamref name="TKey"/>.</exception>
    public static IRecurringTaskBuilder Cron<TKey>(this IRecurringTaskBuilder builder, Func<TKey, string> expression, string? zone = null)
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(expression);
        return Select<IRecurringTaskBuilder, TKey>(builder, CronVerb, RetryByCron, key => new(null, Checked(expression(key))))
            .Configure(options => options.TimeZone = zone);
    }

    /// <summary>A cron expression and a zone per key. Exclusions without a zone of their own are read in it, too.</summary>
    /// <typeparam name="TKey">The type of the task's keys.</typeparam>
    /// <param name="builder">The task.</param>
    /// <param name="expression">Returns the expression of a key: 5 fields, 6 with seconds, or a macro such as <c>@daily</c>. See the remarks of the class for when it is called.</param>
    /// <param name="zone">Returns the IANA or Windows id of the zone of a key; null: the task's <see cref="RecurringTaskOptions.TimeZone"/>.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <example><code>services.AddRecurringTask&lt;SendReport, Tenant&gt;().Cron(tenant => "0 8 * * 1-5", tenant => tenant.Zone);</code></example>
    public static IRecurringTaskBuilder<TKey> Cron<TKey>(this IRecurringTaskBuilder<TKey> builder, Func<TKey, string> expression, Func<TKey, string?> zone)
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(expression);
        ArgumentNullException.ThrowIfNull(zone);
        return Select<IRecurringTaskBuilder<TKey>, TKey>(builder, CronVerb, RetryByCron, key => new(null, Checked(expression(key)), zone(key)));
    }

    /// <inheritdoc cref="Cron{TKey}(IRecurringTaskBuilder{TKey}, Func{TKey, string}, Func{TKey, string?})"/>
    /// <remarks>Anywhere in the chain. Write the type of the key.</remarks>
    /// <exception cref="InvalidRecurringTaskException">The task has no keys of type <typeparamref name="TKey"/>.</exception>
    public static IRecurringTaskBuilder Cron<TKey>(this IRecurringTaskBuilder builder, Func<TKey, string> expression, Func<TKey, string?> zone)
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(expression);
        ArgumentNullException.ThrowIfNull(zone);
        return Select<IRecurringTaskBuilder, TKey>(builder, CronVerb, RetryByCron, key => new(null, Checked(expression(key)), zone(key)));
    }

    private static TBuilder Select<TBuilder, TKey>(TBuilder builder, string verb, KeySchedule retry, Func<TKey, KeySchedule> select)
        where TBuilder : IRecurringTaskBuilder
        where TKey : notnull
    {
        _ = RecurringTaskBuilder.Of(builder).LoopsOf<TKey>($"{verb} takes");
        var selector = new KeyScheduleSelector<TKey>(verb, retry, select); // one for all reloads: by it they know that nothing changed
        return builder.Configure(options => options.KeySchedules = selector);
    }

    private static string Checked(string? expression) => expression ?? throw new InvalidOperationException("The cron expression is null.");
}

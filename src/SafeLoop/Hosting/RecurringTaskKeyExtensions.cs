using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SafeLoop;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers keyed tasks, one loop per key, and their verbs.</summary>
public static class RecurringTaskKeyExtensions
{
    /// <summary>
    /// Registers a class that works on many keys, one loop per key. The task is named after the class, with a lower-case first
    /// letter.
    /// </summary>
    /// <typeparam name="TTask">
    /// The class. Resolved from the iteration's scope; registered as transient unless you have registered it. The host does not
    /// start when the container cannot build it because a dependency at any depth is missing or no constructor is usable.
    /// </typeparam>
    /// <typeparam name="TKey">The type of the keys. Each key has its own loop.</typeparam>
    /// <param name="services">The services of the host.</param>
    /// <returns>
    /// A builder: give the task a schedule with one of its verbs. Every loop follows the schedule independently.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="services"/> is null.</exception>
    /// <remarks>
    /// Inject <see cref="IRecurringTaskKeys{TTask, TKey}"/> to add and remove keys, or call <c>KeysFrom</c>.
    /// </remarks>
    /// <example>
    /// <code>
    /// builder.Services.AddRecurringTask&lt;UpdateDevice, DeviceId&gt;().Every(TimeSpan.FromMinutes(1)).Spread();
    /// </code>
    /// </example>
    public static IRecurringTaskBuilder<TKey> AddRecurringTask<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TTask, TKey>(
        this IServiceCollection services)
        where TTask : class, IRecurringTask<TKey>
        where TKey : notnull => services.AddRecurringTask<TTask, TKey>(TaskNames.FromClass(typeof(TTask)));

    /// <inheritdoc cref="AddRecurringTask{TTask, TKey}(IServiceCollection)"/>
    /// <param name="services">The services of the host.</param>
    /// <param name="name">The task's name, unique in the host.</param>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    public static IRecurringTaskBuilder<TKey> AddRecurringTask<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TTask, TKey>(
        this IServiceCollection services, string name)
        where TTask : class, IRecurringTask<TKey>
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        services.TryAddTransient<TTask>();
        services.TryAddSingleton(static provider => new RecurringTaskKeys<TTask, TKey>(
            provider.GetRequiredService<LoopEnvironment>(), provider.GetRequiredService<RecurringTaskFactory>()));
        services.TryAddSingleton<IRecurringTaskKeys<TTask, TKey>>(
            static provider => provider.GetRequiredService<RecurringTaskKeys<TTask, TKey>>());

        if (!RecurringTaskServices.AreIn(services))
            RecurringTaskServices.AddTo(services);
        var builder = new RecurringTaskBuilder<TKey>(name, services);
        builder.Add(ClassStep.Create<TTask>(static (task, iteration, token) =>
            task.RunAsync(((LoopKey<TKey>)iteration.Keyed!).Key, iteration, token)));
        builder.FindKeys<TKey>(static provider => provider.GetRequiredService<RecurringTaskKeys<TTask, TKey>>());
        return builder;
    }

    /// <summary>
    /// Limits the number of loops of a keyed task that run at the same time. Other loops wait in the order in which they came
    /// due.
    /// </summary>
    /// <typeparam name="TBuilder">The type of <paramref name="builder"/>.</typeparam>
    /// <param name="builder">The task.</param>
    /// <param name="max">At least 1.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <remarks>
    /// After each iteration, a loop with more work goes to the end of the queue. A step must not await a run of another key:
    /// when all running steps do, the awaited runs never start.
    /// </remarks>
    public static TBuilder Concurrency<TBuilder>(this TBuilder builder, int max)
        where TBuilder : IRecurringTaskBuilder => builder.Configure(options => options.Concurrency = max);

    /// <summary>
    /// Reads the keys of a keyed task from a source periodically: adds new keys and removes those that the source no longer
    /// yields. Keys added by hand stay.
    /// </summary>
    /// <typeparam name="TKey">The type of its keys.</typeparam>
    /// <param name="builder">The keyed task.</param>
    /// <param name="source">
    /// Yields all keys; duplicates count once. Each read has its own service scope. A read that throws, yields null, or is
    /// cancelled or timed out before its end changes nothing, also when the source ends early instead of throwing.
    /// </param>
    /// <param name="every">The period of the reads; at least 1 millisecond.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="InvalidRecurringTaskException">
    /// The task was not registered with keys of this type, or it already has a source.
    /// </exception>
    /// <remarks>
    /// <para>
    /// The reader is itself a recurring task, named after the keyed one with <c>.keys</c> appended. You can configure, watch,
    /// pause and run it like any other. When the source may hang or never end, give it a time limit in the configuration
    /// (<c>RecurringTasks:updateDevice.keys:Timeout</c>).
    /// </para>
    /// <para>
    /// While the keyed task is disabled, SafeLoop does not read the source and records the slots as
    /// <see cref="OutcomeReason.Disabled"/>. While it is paused, reading goes on, so that the keys are right after
    /// <c>Resume</c>.
    /// </para>
    /// <para>
    /// A key that is added by hand stays, even if the source has yielded it before. A key that is removed by hand comes back
    /// with the next read that yields it.
    /// </para>
    /// </remarks>
    public static IRecurringTaskBuilder KeysFrom<TKey>(
        this IRecurringTaskBuilder builder,
        Func<IServiceProvider, CancellationToken, IAsyncEnumerable<TKey>> source,
        TimeSpan every)
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(source);
        return builder.ReadKeys<TKey>(
            every, (all, services, _, token) => KeyReading.ReadAllAsync(all, () => source(services, token), token));
    }

    /// <summary>
    /// Reads the keys of a keyed task in a cluster from a source periodically, for each shard of this host alone. Without a
    /// cluster there is one shard, with all keys.
    /// </summary>
    /// <typeparam name="TKey">The type of its keys.</typeparam>
    /// <param name="builder">The keyed task.</param>
    /// <param name="source">
    /// Yields all keys of the shard. Those of other shards are left out, and the read is reported as failed. A read of a shard
    /// that throws changes nothing in it, and the other shards are read nevertheless.
    /// </param>
    /// <param name="every">
    /// The period of the reads; at least 1 millisecond. A shard that is opened is also read at once, and when that fails, again
    /// after 1, 2, 4, … up to 32 seconds.
    /// </param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="InvalidRecurringTaskException">
    /// The task was not registered with keys of this type, or it already has a source.
    /// </exception>
    /// <remarks>
    /// Let a database find the keys of a shard, by <see cref="KeyShard.FromKey{TKey}"/> in a column, so that no host reads all
    /// keys. The rest is as for the other overload.
    /// </remarks>
    public static IRecurringTaskBuilder KeysFrom<TKey>(
        this IRecurringTaskBuilder builder,
        Func<KeyShard, IServiceProvider, CancellationToken, IAsyncEnumerable<TKey>> source,
        TimeSpan every)
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(source);
        return builder.ReadKeys<TKey>(
            every,
            (all, services, onlyUnread, token) =>
                KeyReading.ReadShardsAsync(all, shard => source(shard, services, token), onlyUnread, token));
    }

    private static IRecurringTaskBuilder ReadKeys<TKey>(
        this IRecurringTaskBuilder builder,
        TimeSpan every,
        Func<KeyedLoops<TKey>, IServiceProvider, bool, CancellationToken, ValueTask> read)
        where TKey : notnull
    {
        var keyed = RecurringTaskBuilder.From(builder);
        var loops = keyed.LoopsOf<TKey>("KeysFrom reads");
        if (keyed.Task.Reader > 0)
            throw new InvalidRecurringTaskException([$"Recurring task '{keyed.Name}': KeysFrom is called twice. "
                + "Read all keys in one source, since each read removes the keys it does not yield."]);

        var reader = builder.Services.AddRecurringTask(RecurringTaskBuilder.ReaderOf(keyed.Name)).Every(every);
        reader.Step("read", async (iteration, token) =>
        {
            var all = loops(iteration.Services);
            var onlyUnread = !iteration.IsOnSchedule && all.Shards.TryTakeReadRequest();
            try
            {
                do
                    await read(all, iteration.Services, onlyUnread, token).ConfigureAwait(false);
                while (onlyUnread = all.Shards.HasUnread); // opened during the read
            }
            finally
            {
                if (all.Shards.HasUnread) // the keys of a shard that cannot be read do not run
                {
                    all.Shards.RequestRead();
                    iteration.NextIn(TimeSpan.FromSeconds(1 << Math.Min(iteration.ConsecutiveFailures, 5)));
                }
            }
        });
        keyed.ReadKeysWith(RecurringTaskBuilder.From(reader), loops);
        return builder;
    }
}

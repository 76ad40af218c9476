using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SafeLoop.Tests.Hosting;

/// <summary>Services that need each other.</summary>
internal static class GraphServices
{
    public static ValueTask Read<T>(T service, Iteration iteration, CancellationToken cancellationToken) => default;

#pragma warning disable CS9113 // what they need is all they are for
    internal interface IPart;

    internal interface IStore<T>;

    internal sealed class Db : IPart;

    internal sealed class Part : IPart;

    internal sealed class Outer(Db db) : IPart;

    internal sealed class Outermost(Outer outer);

    internal sealed class KeyedOuter([FromKeyedServices("one")] Db db);

    internal sealed class Parts(IEnumerable<IPart> parts, IPart part);

    internal sealed class Store<T>(Db db) : IStore<T>;

    internal sealed class OtherStore<T>(IEnumerable<T> values, IOptions<Version> options) : IStore<T>;

    internal sealed class ClassStore<T> : IStore<T> where T : class, new();

    internal sealed class NeedsStoreOf<T>(IStore<T> store);

    internal sealed class Growing<T>(Growing<List<T>> next);

    internal sealed class NeedsStore(IStore<Version> store);

    internal sealed class MakesScopes(IServiceScopeFactory scopes, IServiceProvider services);

    internal sealed class Optional(Db? db = null, int count = 3);

    internal sealed class KnowsKey([ServiceKey] string key);

    internal sealed class NeedsKnowsKey([FromKeyedServices("one")] KnowsKey inner);

    internal sealed class NeedsHost(
        ILogger<NeedsHost> logger,
        IOptions<Version> options,
        IOptionsMonitor<Version> monitor,
        TimeProvider time,
        IRecurringTasks tasks);

    internal sealed class Egg(Hen hen);

    internal sealed class Hen(Egg egg);

    internal sealed class HiddenPart
    {
        private HiddenPart()
        {
        }

        public static HiddenPart Create() => new();
    }

    internal sealed class Longer
    {
        public Longer() => throw new InvalidOperationException("The longest that can be called is.");

        public Longer(Db db) => ArgumentNullException.ThrowIfNull(db);

        public Longer(Db db, Outer outer) => throw new InvalidOperationException($"{db} {outer}");
    }

    internal sealed class Reader(Db db) : Work;

    internal sealed class OuterReader(Outer outer) : Work;

    internal sealed class NeedsHidden(HiddenPart part) : Work;

    internal sealed class KeyedReader(Db db) : IRecurringTask<int>
    {
        public ValueTask RunAsync(int key, Iteration iteration, CancellationToken cancellationToken) => default;
    }
#pragma warning restore CS9113

    internal sealed class Idle : Work;

    internal sealed class Hidden : Work
    {
        private Hidden()
        {
        }

        public static Hidden Create() => new();
    }

    internal sealed class Torn : Work
    {
        public Torn(Db db) => ArgumentNullException.ThrowIfNull(db);

        public Torn(Version version) => ArgumentNullException.ThrowIfNull(version);
    }

    internal abstract class Work : IRecurringTask
    {
        public ValueTask RunAsync(Iteration iteration, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}

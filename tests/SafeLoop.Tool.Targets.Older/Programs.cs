using Targets.Innocents;
using Targets.Leaks;
using Targets.Shapes;

namespace Targets;

internal static class Programs
{
    public static ITarget ByName(string name) => name switch
    {
        nameof(SelfAwait) => new SelfAwait(),
        nameof(StableCache) => new StableCache(),
        nameof(StaticDictionary) => new StaticDictionary(),
        nameof(AmongGarbage) => new AmongGarbage(),
        nameof(GenericStatic) => new GenericStatic(),
        nameof(StaticOfThread) => new StaticOfThread(),
        nameof(EventHandlers) => new EventHandlers(),
        nameof(Registrations) => new Registrations(),
        nameof(LinkedSources) => new LinkedSources(),
        nameof(UndisposedTimers) => new UndisposedTimers(),
        nameof(AsyncLocals) => new AsyncLocals(),
        nameof(PendingDelays) => new PendingDelays(),
        nameof(UnreadChannel) => new UnreadChannel(),
        nameof(Singleton) => new Singleton(),
        nameof(RootTransients) => new RootTransients(),
        nameof(BlockedFinalizer) => new BlockedFinalizer(),
        nameof(Handles) => new Handles(),
        nameof(LinkedClosures) => new LinkedClosures(),
        nameof(Clients) => new Clients(),
        nameof(LargeBuffers) => new LargeBuffers(),
        nameof(Subscriptions) => new Subscriptions(),
        nameof(PooledBuffers) => new PooledBuffers(),
        _ => throw new ArgumentException($"There is no program '{name}' here.", nameof(name)),
    };
}

using Targets.Ambient;
using Targets.Innocents;
using Targets.Leaks;
using Targets.Shapes;

namespace Targets;

internal static class Programs
{
    /// <summary>Made when asked for: a program is held by nothing but itself.</summary>
    private static IEnumerable<ITarget> All() =>
    [
        new SelfAwait(), new SelfAwaitOfResult(), new SelfAwaitOfValueTask(), new PooledValueTask(), new Mutual(), new Lambda(),
        new InFinally(),
        new Configured(), new ThroughWhenAll(), new ThroughWhenAny(), new ThroughTaskRun(), new ThroughWaitAsync(),
        new ThroughStaticToken(), new ThroughHelper(),
        new GenericMethod<string>(), new HeavyFrames(), new Endless(), new Collecting(), new LateLoaded(), new ManyShortChains(),
        new AsyncStream(), new Generators(), new CoTrampoline(), new Continuations(),
        new Completions(), new ActivityParents(), new Scopes(), new ScopesAmongMany(), new LogScopes(), new AttachedTasks(),
        new WhileLoop(), new SafeLoops(), new Timers(), new ParkedAwaiters(), new SemaphoreQueue(), new LinkedNodes(),
        new HonestRecursion(),
        new Actors(), new WebServer(), new Backlog(), new FireAndForget(), new Pipeline(), new Forgotten(), new Document(),
        new StableCache(), new InFlight(), new RisingLoad(), new RandomGraph(), new Sessions(),
        new StaticDictionary(), new GenericStatic(), new StaticOfThread(), new EventHandlers(), new Registrations(),
            new LinkedSources(), new UndisposedTimers(),
        new AsyncLocals(), new PendingDelays(), new UnreadChannel(), new Singleton(), new RootTransients(),
            new BlockedFinalizer(), new Handles(),
        new LinkedClosures(), new Clients(), new LargeBuffers(), new TrackedEntities(), new DbContexts(), new Subscriptions(),
        new PooledBuffers(), new AmongGarbage(), new RxConcat(),
    ];

    public static ITarget ByName(string name) => All().Single(target => target.GetType().Name.Split('`')[0] == name);
}

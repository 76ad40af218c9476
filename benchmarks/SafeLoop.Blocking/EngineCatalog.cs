using SafeLoop.Blocking.Engines;

namespace SafeLoop.Blocking;

/// <summary>The engines, in the order of the table.</summary>
internal static class EngineCatalog
{
    public static readonly IReadOnlyDictionary<string, Func<IEngine>> All = new Dictionary<string, Func<IEngine>>
    {
        ["SafeLoop, `OnDedicatedThread()` on the blockers"] = static () => new SafeLoopTasks(onDedicatedThread: true),
        ["SafeLoop"] = static () => new SafeLoopTasks(onDedicatedThread: false),
        ["`PeriodicTimer`"] = static () => new PeriodicTimerLoops(),
        ["Quartz"] = static () => new QuartzJobs(),
        ["a thread each"] = static () => new OwnThreads(),
    };
}

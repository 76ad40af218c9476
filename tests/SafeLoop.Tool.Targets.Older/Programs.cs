using Targets.Leaks;
using Targets.Shapes;

namespace Targets;

internal static class Programs
{
    public static ITarget ByName(string name) => name switch
    {
        nameof(SelfAwait) => new SelfAwait(),
        nameof(StaticDictionary) => new StaticDictionary(),
        nameof(EventHandlers) => new EventHandlers(),
        _ => new UndisposedTimers(),
    };
}

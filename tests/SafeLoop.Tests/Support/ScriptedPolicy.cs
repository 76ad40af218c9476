namespace SafeLoop.Tests;

/// <summary>A delay policy that a test scripts. Counts its calls.</summary>
internal sealed class ScriptedPolicy(Func<LoopHistory, DateTimeOffset, DateTimeOffset?> next) : IDelayPolicy
{
    public int Asked { get; private set; }

    public DateTimeOffset? Next(LoopHistory history, DateTimeOffset now)
    {
        Asked++;
        return next(history, now);
    }
}

namespace SafeLoop.Tests;

/// <summary>For what would spin for ever if the rule were broken: a test that fails instead of a run that hangs.</summary>
internal static class Bounded
{
    public static Task Run(Action test) => Task.Run(test).WaitAsync(ThreadedLoopHost.Patience);
}

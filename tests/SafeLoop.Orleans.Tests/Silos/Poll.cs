using SafeLoop.Tests.Shared;

namespace SafeLoop.Tests.Silos;

/// <summary>Waits in real time for a state of several silos, which no single signal reports.</summary>
internal static class Poll
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public static Task UntilAsync(Func<bool> isReached, Func<string> describe) =>
        UntilAsync(() => Task.FromResult(isReached() ? null : describe()));

    /// <param name="findWhyNot">Says what is missing; null: nothing.</param>
    public static async Task UntilAsync(Func<Task<string?>> findWhyNot)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (await findWhyNot() is { } why)
        {
            if (TimeProvider.System.GetElapsedTime(began) > Patience.Standstill)
                Assert.Fail($"Waited {Patience.Standstill} in vain. {why}");
            await Task.Delay(Pause, TimeProvider.System);
        }
    }
}

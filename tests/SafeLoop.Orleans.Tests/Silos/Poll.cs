using SafeLoop.Tests.Shared;

namespace SafeLoop.Tests.Silos;

/// <summary>Waits in real time for a state of several silos, which no single signal reports.</summary>
internal static class Poll
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public static async Task UntilAsync(Func<bool> isReached, Func<string> describe)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!isReached())
        {
            if (TimeProvider.System.GetElapsedTime(began) > Patience.Standstill)
                Assert.Fail($"Waited {Patience.Standstill} in vain. {describe()}");
            await Task.Delay(Pause, TimeProvider.System);
        }
    }
}

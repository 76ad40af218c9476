namespace DeviceInfo.View;

/// <summary>The ticks of a view: at once, then once per period until it is stopped.</summary>
internal static class Tick
{
    public static async Task EveryAsync(TimeSpan period, TimeProvider clock, Action act, CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(period, clock);
        try
        {
            do
                act();
            while (await timer.WaitForNextTickAsync(stopping));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // stopped: the normal end
        }
    }
}

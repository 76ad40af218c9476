namespace SafeLoop.Tests.Persistence;

/// <summary>
/// A host is killed at each of its calls to the store: before it is carried out, and after, when its answer is lost. Another
/// host starts some time later and goes on.
/// </summary>
public class KilledAnywhereTests
{
    [Theory]
    [InlineData(20, 6)]
    [InlineData(150, 1)]
    public async Task Each_slot_has_one_outcome_wherever_a_host_is_killed(int secondsDown, int every)
    {
        var calls = await new KilledScenario(secondsDown).RunAsync(killAt: null);
        Assert.InRange(calls.Count, 40, 1000);
        foreach (var call in calls.Where(KilledScenario.IsWorthKillingAt).Where((_, number) => number % every == 0))
            await new KilledScenario(secondsDown).RunAsync(call);
    }
}

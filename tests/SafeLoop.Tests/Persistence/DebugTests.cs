namespace SafeLoop.Tests.Persistence;
public class DebugTests(Xunit.Abstractions.ITestOutputHelper o)
{
    [Fact]
    public async Task D()
    {
        var calls = await new KilledScenario(150).RunAsync(null);
        for (var i = 0; i < 40; i++)
        foreach (var kill in calls.Where(c => c.Number is 138 or 140 or 142 && !c.IsExecuted))
        {
        var s = new KilledScenario(150);
        try { await s.RunAsync(kill); } catch (Exception e) { o.WriteLine(e.Message); return; }
        }
    }
}

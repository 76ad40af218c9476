namespace SafeLoop.Tool.Tests.Diagnosis;

public class CuresTests
{
    [Theory]
    [InlineData("App.Device.PollAsync", "async Task PollAsync(…)", "poll")]
    [InlineData("App.Device.Async", "async Task Async(…)", "task")]
    [InlineData("<>c__DisplayClass0_0 (closure)", "async Task RunAsync(…)", "run")]
    [InlineData("", "async Task RunAsync(…)", "run")]
    public void Every_name_has_a_cure(string method, string head, string task)
    {
        var cure = Cures.For(ChainKind.Closures, [new ChainedMethod { Name = method, Module = "App.dll" }]);

        Assert.Contains(head, cure, StringComparison.Ordinal);
        Assert.Contains($"AddRecurringTask(\"{task}\"", cure, StringComparison.Ordinal);
    }
}

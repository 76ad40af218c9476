using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Hosting;

/// <summary>
/// A host that stops because a task failed ends its process with an exit code other than 0, because supervisors restart only
/// such a process.
/// </summary>
public sealed class ExitCodeTests : IDisposable
{
    public void Dispose() => Environment.ExitCode = 0;

    [Theory]
    [InlineData(0, 1)]
    [InlineData(42, 42)]
    public void StopHostAfterFailures_sets_an_exit_code_where_there_is_none(int before, int after)
    {
        Environment.ExitCode = before;
        using var host = LoopHost.Run(services => services.AddRecurringTask("task", (_, _) => throw new FormatException())
            .Every(1.Seconds).StopHostAfterFailures(2));
        host.Advance(1.Seconds);

        Assert.Equal(LoopEnd.Failures, host.EndOf("task"));
        Assert.Equal(after, Environment.ExitCode);
    }
}

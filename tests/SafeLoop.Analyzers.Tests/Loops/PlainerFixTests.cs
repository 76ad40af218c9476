using SafeLoop.Analyzers.Tests.Support;

namespace SafeLoop.Analyzers.Tests.Loops;

/// <summary>Calls that are no statement of their own: chosen with <c>?:</c>, kept in a local, posted as a continuation.</summary>
public sealed class PlainerFixTests
{
    [Fact]
    public Task A_conditional_call() => FixAsync(
        """
            async Task Loop()
            {
                await Task.Delay(1);
                await (active ? {|SLP001:Loop()|} : Task.CompletedTask);
            }
        """,
        """
            async Task Loop()
            {
                do
                {
                    await Task.Delay(1);
                }
                while (active);
            }
        """);

    [Fact]
    public Task A_conditional_call_beside_another() => FixAsync(
        """
            async Task Loop()
            {
                await Task.Delay(1);
                await (active ? {|SLP001:Loop()|} : Work());
            }
        """,
        """
            async Task Loop()
            {
                while (true)
                {
                    await Task.Delay(1);
                    if (active)
                        continue;
                    await Work();
                    return;
                }
            }
        """);

    [Fact]
    public Task A_conditional_value() => FixAsync(
        """
            async Task<int> Loop()
            {
                await Task.Delay(1);
                return await (active ? Read() : {|SLP001:Loop()|});
            }
        """,
        """
            async Task<int> Loop()
            {
                while (true)
                {
                    await Task.Delay(1);
                    if (!active)
                        continue;
                    return await Read();
                }
            }
        """);

    [Theory]
    [InlineData("var next = {|SLP001:Loop()|};", "Log(1);")]
    [InlineData("Task next = {|SLP001:Loop()|};", "Log(1);")]
    [InlineData("next = {|SLP001:Loop()|};", "Task next;")]
    public Task A_stored_task(string stored, string before) => FixAsync(
        $$"""
            async Task Loop()
            {
                {{before}}
                await Task.Delay(1);
                {{stored}}
                await next;
            }
        """,
        $$"""
            async Task Loop()
            {
                while (true)
                {
                    {{before}}
                    await Task.Delay(1);
                }
            }
        """);

    [Fact]
    public Task A_continuation() => FixAsync(
        """
            Task Loop() => Task.Delay(1).ContinueWith(_ => {|SLP001:Loop()|}).Unwrap();
        """,
        """
            async Task Loop()
            {
                while (true)
                {
                    await Task.Delay(1);
                }
            }
        """);

    [Fact]
    public Task A_continuation_that_runs_however_the_work_ends() => FixAsync(
        """
            Task Loop(CancellationToken ct)
            {
                Log(1);
                return Work().ContinueWith(_ => {|SLP001:Loop(ct)|}).Unwrap();
            }
        """,
        """
            async Task Loop(CancellationToken ct)
            {
                while (true)
                {
                    Log(1);
                    await Task.WhenAny(Work());
                }
            }
        """);

    [Fact]
    public Task No_else_for_a_call_that_goes_on() => FixAsync(
        """
            async Task Loop()
            {
                await Task.Delay(1);
                if (!active)
                {
                    Log(1);
                    await Work();
                }
                else
                {
                    await {|SLP001:Loop()|};
                }
            }
        """,
        """
            async Task Loop()
            {
                while (true)
                {
                    await Task.Delay(1);
                    if (active)
                        continue;
                    Log(1);
                    await Work();
                    return;
                }
            }
        """);

    private static Task FixAsync(string before, string after) => FixTest<LoopCodeFixProvider>.Members(before, after);
}

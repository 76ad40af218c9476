using SafeLoop.Analyzers.Tests.Support;

namespace SafeLoop.Analyzers.Tests.Loops;

/// <summary>SLP003: one method to start, one to loop.</summary>
public sealed class StartAndLoopFixTests
{
    [Fact]
    public Task A_task_is_kept_in_a_field_that_can_be_awaited() => FixTest<StartAndLoopCodeFixProvider>.Members(
        """
            public async Task PollAsync(CancellationToken ct)
            {
                if (!active) return;
                await Work();
                await Task.Delay(10, ct);
                _ = {|SLP003:PollAsync(ct)|};
            }
        """,
        """
            private Task _pollLoop;

            public Task PollAsync(CancellationToken ct)
            {
                _pollLoop = PollLoopAsync(ct);
                return Task.CompletedTask;
            }

            private async Task PollLoopAsync(CancellationToken ct)
            {
                while (active)
                {
                    await Work();
                    await Task.Delay(10, ct);
                }
            }
        """,
        "Split into a start and a loop (callers no longer wait for the first iteration)");

    [Fact]
    public Task Async_void_stays_what_it_is() => FixTest<StartAndLoopCodeFixProvider>.Members(
        """
            static async void Poll()
            {
                await Task.Delay(10);
                {|SLP003:Poll()|};
            }
        """,
        """
            static async void Poll()
            {
                await PollLoopAsync();
            }

            private static async Task PollLoopAsync()
            {
                while (true)
                {
                    await Task.Delay(10);
                }
            }
        """,
        "Split into a start and a loop");

    [Theory]
    [InlineData("async Task Poll() { await Work(); _ = Task.Run({|SLP003:Poll|}); }")]
    [InlineData("async Task Poll(int n) { await Work(); _ = {|SLP003:Poll(++n)|}; }")]
    [InlineData("async void Poll() { if (await Read() == 1) { await Task.Delay(10); {|SLP003:Poll()|}; } }")]
    [InlineData("async Task Poll() { await Work(); _ = {|SLP003:Poll()|}; } Task PollLoopAsync() => null;")]
    [InlineData("public virtual async Task Poll() { await Work(); _ = {|SLP003:Poll()|}; }")]
    [InlineData("async void Poll(int n) { n++; await Work(); Later(() => Log(n)); {|SLP003:Poll(n)|}; } "
        + "void Later(Action what) { }")]
    [InlineData("async Task Poll() { Log(1); _ = {|SLP003:Poll()|}; }")]
    [InlineData("#region Polling\n async Task Poll() { await Work(); _ = {|SLP003:Poll()|}; }\n#endregion")]
    [InlineData("interface IServices { T GetRequiredService<T>(); } "
        + "IServices services; async Task Poll() { await Work(); _ = {|SLP003:services.GetRequiredService<Job>().Poll()|}; }")]
    [InlineData("struct Inner { public async Task Poll() { await Task.Delay(1); _ = {|SLP003:Poll()|}; } }")]
    [InlineData("record Inner(int Id) { public async Task Poll() { await Task.Delay(1); _ = {|SLP003:Poll()|}; } }")]
    [InlineData("async Task Poll() { using var one = new CancellationTokenSource(); await Work(); _ = {|SLP003:Poll()|}; }")]
    public Task Anything_less_plain_is_not_split(string members) => FixTest<StartAndLoopCodeFixProvider>.NotOffered(members);

    [Fact]
    public Task A_field_that_is_not_set_yet_says_so() => FixTest<StartAndLoopCodeFixProvider>.File(
        "#nullable enable\n" + Code.WithMembers("""
            async Task Poll()
            {
                await Work();
                _ = {|SLP003:Poll()|};
            }
        """).Replace("object field;", "object? field;", StringComparison.Ordinal),
        "#nullable enable\n" + Code.WithMembers("""
            private Task? _pollLoop;

            Task Poll()
            {
                _pollLoop = PollLoopAsync();
                return Task.CompletedTask;
            }

            private async Task PollLoopAsync()
            {
                while (true)
                {
                    await Work();
                }
            }
        """).Replace("object field;", "object? field;", StringComparison.Ordinal));
}

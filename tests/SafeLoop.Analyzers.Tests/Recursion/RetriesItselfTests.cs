using SafeLoop.Analyzers.Tests.Support;

namespace SafeLoop.Analyzers.Tests.Recursion;

/// <summary>SLP004: trying again by calling oneself.</summary>
public sealed class RetriesItselfTests
{
    [Theory]
    [InlineData("async Task Connect() { try { await Work(); } catch { await {|SLP004:Connect()|}; } }")]
    [InlineData(
        "async Task<int> Get() { var value = await Read(); if (value == 0) return await {|SLP004:Get()|}; return value; }")]
    [InlineData("async Task Get() { if (await Read() == 0) await {|SLP004:Get()|}; }")]
    public Task Without_a_limit(string member) => RuleTest.Members(member);

    [Theory]
    [InlineData("async Task Connect() { try { await Work(); } "
        + "catch { if (++attempts > 5) throw; await Task.Delay(10); await {|SLP004:Connect()|}; } }")]
    [InlineData("async Task Connect() { try { await Work(); } "
        + "catch when (attempts++ < 5) { await Task.Delay(10); await {|SLP004:Connect()|}; } }")]
    [InlineData(
        "async Task Connect() { attempts += 1; if (attempts < 5) { await Task.Delay(10); await {|SLP004:Connect()|}; } }")]
    [InlineData("async Task Wait(DateTime until) { if (DateTime.UtcNow > until) throw new TimeoutException(); "
        + "await Task.Delay(10); await {|SLP004:Wait(until)|}; }")]
    [InlineData("async Task Try(Round round) { try { await Work(); } "
        + "catch { if (round.Attempt++ > 5) throw; await Task.Delay(10); await {|SLP004:Try(round)|}; } } "
        + "class Round { public int Attempt; }")]
    [InlineData("async Task Try(Round round) { try { await Work(); } "
        + "catch when (round.Left > 0) { round.Left -= 1; await Task.Delay(10); await {|SLP004:Try(round)|}; } } "
        + "class Round { public int Left { get; set; } }")]
    [InlineData("async Task Try(List<Exception> errors) { try { await Work(); } "
        + "catch (Exception e) { errors.Add(e); "
        + "if (errors.Count > 5) throw; await Task.Delay(10); await {|SLP004:Try(errors)|}; } }")]
    public Task With_a_limit_outside_its_arguments(string member) => RuleTest.Members(member);

    [Fact]
    public Task With_a_limit_that_a_local_function_captures() => RuleTest.Members("""
            async Task Start()
            {
                var tries = 0;
                await Try();
                async Task Try() { try { await Work(); } catch { if (tries++ > 3) throw; await {|SLP004:Try()|}; } }
            }
        """);
}

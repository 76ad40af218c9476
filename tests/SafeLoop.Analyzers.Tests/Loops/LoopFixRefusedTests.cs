using SafeLoop.Analyzers.Tests.Support;

namespace SafeLoop.Analyzers.Tests.Loops;

/// <summary>Where a loop would do something else, none is offered.</summary>
public sealed class LoopFixRefusedTests
{
    [Theory]
    [InlineData("async Task Loop() { try { await Work(); } finally { await {|SLP001:Loop()|}; } }")]
    [InlineData("async Task Loop() { await Task.Delay(1); await {|SLP001:Loop()|}; Log(1); }")]
    [InlineData("async Task Loop() { try { await Task.Delay(1); await {|SLP001:Loop()|}; } catch { } Log(1); }")]
    [InlineData("public virtual async Task Loop() { await Work(); await {|SLP001:Loop()|}; }")]
    [InlineData("async Task Loop(int n) { await Task.Delay(1); Action show = () => Log(n); Log(show); await {|SLP001:Loop(++n)|}; }")]
    [InlineData("async Task Loop(params object[] all) { await Task.Delay(1); await {|SLP001:Loop(Work(), Read())|}; }")]
    [InlineData("Task Loop() => Work().ContinueWith(_ => {|SLP001:Loop()|}).Unwrap();")]
    [InlineData("async Task Loop() { await Work(); await Task.WhenAny({|SLP001:Loop()|}, Work()); }")]
    [InlineData("async Task Loop() => await {|SLP001:Loop()|};")]
    [InlineData("async Task Loop() { await Work(); await (active ? {|SLP001:Loop()|} : Work()); }")]
    [InlineData("Func<Task> loop; void Start() { loop = async () => { await Work(); await {|SLP001:loop()|}; }; }")]
    [InlineData("async Task Start() { Func<Task> loop = null; loop = async () => { await Work(); await {|SLP001:loop()|}; }; var first = loop; loop = async () => { await Task.Yield(); await first(); }; await loop(); }")]
    [InlineData("async Task Loop() {\n#if DEBUG\n Log(1);\n#endif\n await Work(); await {|SLP001:Loop()|}; }")]
    public Task A_loop_is_not_offered(string members) => FixTest<LoopCodeFixProvider>.NotOffered(members);
}

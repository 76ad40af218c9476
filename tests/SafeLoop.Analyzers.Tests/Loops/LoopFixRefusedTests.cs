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
    [InlineData(
        "async Task Loop(int n) { await Task.Delay(1); Action show = () => Log(n); Log(show); await {|SLP001:Loop(++n)|}; }")]
    [InlineData("async Task Loop(params object[] all) { await Task.Delay(1); await {|SLP001:Loop(Work(), Read())|}; }")]
    [InlineData("Task Loop() => Work().ContinueWith(_ => {|SLP001:Loop()|}, TaskScheduler.Default).Unwrap();")]
    [InlineData("Task Loop() => Work().ContinueWith(done => {|SLP001:Loop()|}.ContinueWith(_ => Log(done))).Unwrap();")]
    [InlineData("async Task Loop() { Task t; await Task.Delay(1); t = {|SLP001:Loop()|}; Log(1); await t; }")]
    [InlineData("async Task Loop() { await Work(); await Task.WhenAny({|SLP001:Loop()|}, Work()); }")]
    [InlineData("async Task Loop() => await {|SLP001:Loop()|};")]
    [InlineData("Func<Task> loop; void Start() { loop = async () => { await Work(); await {|SLP001:loop()|}; }; }")]
    [InlineData("async Task Start() { Func<Task> loop = null; loop = async () => { await Work(); await {|SLP001:loop()|}; }; "
        + "var first = loop; loop = async () => { await Task.Yield(); await first(); }; await loop(); }")]
    [InlineData("async Task Loop() {\n#if DEBUG\n Log(1);\n#endif\n await Work(); await {|SLP001:Loop()|}; }")]
    public Task A_loop_is_not_offered(string members) => FixTest<LoopCodeFixProvider>.NotOffered(members);

    [Theory]
    [InlineData("async Task Loop([System.Runtime.CompilerServices.CallerMemberName] string caller = \"\") { await Task.Delay(1); "
        + "Log(caller); await {|SLP001:Loop()|}; }")]
    [InlineData("async Task Loop(int n, int old) { await Task.Delay(1); Log(old); await {|SLP001:Loop(n, n++)|}; }")]
    public Task An_argument_that_no_assignment_stands_for(string members) => FixTest<LoopCodeFixProvider>.NotOffered(members);

    [Theory]
    [InlineData("async Task Loop(CancellationToken ct) { using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct); "
        + "await Task.Delay(10, linked.Token); await {|SLP001:Loop(linked.Token)|}; }")]
    [InlineData("async Task Loop(CancellationToken ct) { "
        + "using (var linked = CancellationTokenSource.CreateLinkedTokenSource(ct)) { await Task.Delay(10, linked.Token); "
        + "await {|SLP001:Loop(linked.Token)|}; } }")]
    public Task An_argument_that_is_disposed_before_the_next_iteration(string members) =>
        FixTest<LoopCodeFixProvider>.NotOffered(members);

    [Theory]
    [InlineData("async Task<int> Loop() { try { if (await Read() == 1) { await Task.Delay(1); return await {|SLP001:Loop()|}; } "
        + "} catch (Exception e) { Log(e); } await Work(); return 5; }")]
    [InlineData("async Task Loop(int n) { try { await Task.Delay(1); Log(n); await {|SLP001:Loop(++n)|}; } "
        + "catch (Exception) when (field != null) { } }")]
    [InlineData("async Task<int> Loop(int[] all) { "
        + "foreach (var one in all) { try { await Task.Delay(one); return await {|SLP001:Loop(all)|}; } "
        + "catch (Exception e) { Log(e); } } return 5; }")]
    public Task An_exception_that_would_meet_the_handlers_of_earlier_calls(string members) =>
        FixTest<LoopCodeFixProvider>.NotOffered(members);

    [Theory]
    [InlineData("async Task Loop() { if (await Read() == 2) goto failed; "
        + "await Task.Delay(1); await {|SLP001:Loop()|}; return; failed: Log(1); }")]
    [InlineData("async Task Check(int[] all) { "
        + "foreach (var one in all) { if (one == 0) { await Task.Delay(10); await {|SLP001:Check(all)|}; return; } } "
        + "using var scope = new CancellationTokenSource(); await Work(); }")]
    public Task A_jump_that_would_lead_nowhere(string members) => FixTest<LoopCodeFixProvider>.NotOffered(members);

    [Theory]
    [InlineData("readonly Func<Task> loop; "
        + "public Job(bool once) { loop = async () => { await Work(); await {|SLP001:loop()|}; }; if (once) loop = Work; }")]
    [InlineData("async Task Start(Func<Task> other) { Func<Task> loop = null; "
        + "loop = async () => { await Work(); await {|SLP001:loop()|}; }; int n; (loop, n) = (other, 1); await loop(); }")]
    [InlineData("Func<Task> Next { get; set; } void Start() { Next = async () => { await Work(); await {|SLP001:Next()|}; }; }")]
    [InlineData("interface IJob { Task Loop(); } "
        + "class Inner : IJob { async Task IJob.Loop() { await Task.Yield(); await {|SLP001:((IJob)this).Loop()|}; } }")]
    [InlineData("interface IServices { T GetRequiredService<T>(); } "
        + "IServices services; async Task Loop() { await Work(); await {|SLP001:services.GetRequiredService<Job>().Loop()|}; }")]
    public Task What_may_be_another_function_next_time(string members) => FixTest<LoopCodeFixProvider>.NotOffered(members);

    [Fact]
    public Task Items_that_are_converted_on_their_way() => FixTest<LoopCodeFixProvider>.NotOffered(
        "IEnumerable<object> Poll() { yield return \"\"; foreach (int item in {|SLP001:Poll()|}) yield return item; }");
}

using SafeLoop.Analyzers.Tests.Support;

namespace SafeLoop.Analyzers.Tests.Recursion;

/// <summary>SLP001: every way of repeating oneself that keeps all iterations.</summary>
public sealed class AwaitsItselfTests
{
    [Fact]
    public Task The_method_of_the_story() => RuleTest.Members("""
            async Task Loop()
            {
                if (!active) return;
                try { await Work(); } catch (Exception e) { Log(e); }
                await {|SLP001:Loop()|};
            }
        """);

    [Theory]
    [InlineData("async Task Loop() { await Work(); await {|SLP001:Loop()|}; }")]
    [InlineData("async Task Loop() { await Work(); await {|SLP001:this.Loop()|}; }")]
    [InlineData("async Task Loop() { await Work(); await {|SLP001:Loop()|}.ConfigureAwait(false); }")]
    [InlineData("async Task Loop(CancellationToken ct) { await Work(); await {|SLP001:Loop(ct)|}.ConfigureAwait(false); }")]
    [InlineData("async ValueTask Loop() { await Work(); await {|SLP001:Loop()|}; }")]
    [InlineData("async ValueTask Loop() { await Work(); await {|SLP001:Loop()|}.AsTask(); }")]
    [InlineData("async Task<int> Loop() { await Work(); return await {|SLP001:Loop()|}; }")]
    [InlineData("async Task<int> Loop() { await Work(); var last = await {|SLP001:Loop()|}; return last; }")]
    [InlineData("async Task Loop() => await {|SLP001:Loop()|};")]
    [InlineData("static async Task Loop() { await Task.Yield(); await {|SLP001:Loop()|}; }")]
    [InlineData("static async Task Loop() { await Task.Yield(); await {|SLP001:Job.Loop()|}; }")]
    [InlineData("async Task Loop<T>() { await Work(); await {|SLP001:Loop<T>()|}; }")]
    public Task Awaiting_or_returning_itself(string member) => RuleTest.Members(member);

    [Theory]
    [InlineData("async Task Loop() { await Work(); await Task.Run(() => {|SLP001:Loop()|}); }")]
    [InlineData("async Task Loop() { await Work(); await Task.Run({|SLP001:Loop|}); }")]
    [InlineData("async Task Loop() { await Work(); await Task.Run(async () => await {|SLP001:Loop()|}); }")]
    [InlineData("async Task Loop() { await Work(); await Task.Run(async () => { await Work(); await {|SLP001:Loop()|}; }); }")]
    [InlineData("async Task Loop() { await Work(); await Task.Factory.StartNew(() => {|SLP001:Loop()|}).Unwrap(); }")]
    [InlineData("async Task Loop() { await Work(); await await Task.Factory.StartNew(() => {|SLP001:Loop()|}); }")]
    [InlineData("Task Loop() => Work().ContinueWith(_ => {|SLP001:Loop()|}).Unwrap();")]
    [InlineData("async Task Loop() { await Work(); await Task.WhenAll({|SLP001:Loop()|}, Work()); }")]
    [InlineData("async Task Loop() { await Work(); await Task.WhenAny({|SLP001:Loop()|}); }")]
    [InlineData("async Task Loop() { await Work(); await (active ? {|SLP001:Loop()|} : Task.CompletedTask); }")]
    [InlineData("async Task Loop() { if (active) await {|SLP001:Loop()|}.WaitAsync(TimeSpan.FromDays(1)); }")]
    public Task By_way_of_a_scheduler_or_a_combinator(string member) => RuleTest.Members(member);

    [Theory]
    [InlineData("async Task Loop() { await Work(); var next = {|SLP001:Loop()|}; await next; }")]
    [InlineData("async Task Loop() { await Work(); Task next = {|SLP001:Loop()|}; await next.ConfigureAwait(false); }")]
    [InlineData("async Task Loop() { await Work(); await {|SLP001:Loop()|}.ContinueWith(ended => Log(ended)); }")]
    [InlineData("async Task Loop() { await Work(); if (Volatile.Read(ref active)) await {|SLP001:Loop()|}; }")]
    [InlineData("Func<Task> Next { get; set; } void Start() { Next = async () => { await Work(); await {|SLP001:Next()|}; }; }")]
    [InlineData("static Func<Task> Next { get; } = async () => { await Task.Yield(); await {|SLP001:Next()|}; };")]
    [InlineData("interface IJob { Task Loop(); } "
        + "class Inner : IJob { async Task IJob.Loop() { await Task.Yield(); await {|SLP001:((IJob)this).Loop()|}; } }")]
    [InlineData("interface IJob<T> { Task Loop(T with); } "
        + "class Inner : IJob<int> { "
        + "public async Task Loop(int with) { await Task.Yield(); await {|SLP001:((IJob<int>)this).Loop(with)|}; } }")]
    [InlineData("interface IServices { T GetRequiredService<T>(); } "
        + "IServices services; async Task Loop() { await Work(); await {|SLP001:services.GetRequiredService<Job>().Loop()|}; }")]
    public Task In_disguise(string member) => RuleTest.Members(member);

    [Fact]
    public Task A_partial_method() => RuleTest.File("""
        using System.Threading.Tasks;
        partial class Job
        {
            public partial Task Loop(int pause = 3, bool again = true);
            public async partial Task Loop(int wait, bool more) { await Task.Delay(wait); await {|SLP001:Loop(wait, more)|}; }
            public partial Task Try(int tries);
            public async partial Task Try(int left) { if (left == 0) return; await Task.Delay(1); await Try(left - 1); }
        }
        """);

    [Fact]
    public Task A_local_function() => RuleTest.Members("""
            async Task Start()
            {
                await Loop();
                async Task Loop() { await Work(); await {|SLP001:Loop()|}; }
            }
        """);

    [Fact]
    public Task A_lambda_in_a_local() => RuleTest.Members("""
            async Task Start()
            {
                Func<Task> loop = null;
                loop = async () => { await Work(); await {|SLP001:loop()|}; };
                await loop();
            }
        """);

    [Fact]
    public Task A_lambda_in_a_field() => RuleTest.Members("""
            static Func<CancellationToken, Task> loop = async ct => { await Task.Delay(10, ct); await {|SLP001:loop(ct)|}; };
        """);

    [Theory]
    [InlineData("IEnumerable<int> Poll() { yield return 1; foreach (var item in {|SLP001:Poll()|}) yield return item; }")]
    [InlineData("async IAsyncEnumerable<int> Poll() { yield return await Read(); "
        + "await foreach (var item in {|SLP001:Poll()|}) yield return item; }")]
    [InlineData("async IAsyncEnumerable<int> Poll() { yield return await Read(); "
        + "await foreach (var item in {|SLP001:Poll()|}.ConfigureAwait(false)) yield return item; }")]
    [InlineData("IEnumerator Routine() { yield return null; yield return {|SLP001:Routine()|}; }")]
    [InlineData(
        "IEnumerable<object> Steps() { if (!active) yield break; yield return Work(); yield return {|SLP001:Steps()|}; }")]
    [InlineData("object StartCoroutine(IEnumerator routine) => routine; "
        + "IEnumerator Routine() { yield return null; yield return StartCoroutine({|SLP001:Routine()|}); }")]
    public Task Iterators_that_yield_themselves(string member) => RuleTest.Members(member);

    [Theory]
    [InlineData("async Task Loop() { try { await Work(); } finally { await {|SLP001:Loop()|}; } }")]
    [InlineData("async Task Loop() { try { await Work(); await {|SLP001:Loop()|}; } catch (Exception e) { Log(e); } }")]
    [InlineData("async Task Connect() { try { await Work(); } "
        + "catch (Exception e) { Log(e); await Task.Delay(5000); await {|SLP001:Connect()|}; } }")]
    [InlineData("async Task<int> Get(int id) { try { return await Read(); } "
        + "catch (Exception) { await Task.Delay(id); return await {|SLP001:Get(id)|}; } }")]
    [InlineData(
        "async Task Wait() { var value = await Read(); if (value != 3) { await Task.Delay(100); await {|SLP001:Wait()|}; } }")]
    [InlineData("async Task Loop() { await Work(); if (active) await {|SLP001:Loop()|}; }")]
    [InlineData("async Task Loop() { await Work(); if (active) { Log(1); await {|SLP001:Loop()|}; } }")]
    [InlineData("async Task Loop(CancellationToken ct) { await Work(); "
        + "if (!ct.IsCancellationRequested && active) await {|SLP001:Loop(ct)|}; }")]
    [InlineData("async Task Loop() { if (!active) { return; } else { await Work(); await {|SLP001:Loop()|}; } }")]
    [InlineData("async Task<bool> Check(int[] all) { "
        + "foreach (var one in all) { if (one == 0) { await Task.Delay(10); return await {|SLP001:Check(all)|}; } } "
        + "return true; }")]
    [InlineData("async Task Check(int[] all) { "
        + "foreach (var one in all) { if (one == 0) { await Task.Delay(10); await {|SLP001:Check(all)|}; return; } } }")]
    [InlineData("async Task Loop() { if (active) { try { await Work(); } "
        + "catch { active = false; } await Task.Delay(10); await {|SLP001:Loop()|}; } }")]
    [InlineData(
        "async Task Loop() { if (!active) return; try { await Work(); } catch { active = false; } await {|SLP001:Loop()|}; }")]
    [InlineData("async Task Loop() { switch (await Read()) { case 1: await Task.Delay(10); await {|SLP001:Loop()|}; break; } }")]
    public Task Wherever_in_the_body_it_stands(string member) => RuleTest.Members(member);

    [Theory]
    [InlineData("async Task Recover(int attempt) { await Task.Delay(100); await {|SLP001:Recover(++attempt)|}; }")]
    [InlineData("async Task Recover(int attempt) { await Work(); Log(attempt); await {|SLP001:Recover(attempt + 1)|}; }")]
    [InlineData("async Task Loop(int wait) { await Task.Delay(wait); await {|SLP001:Loop(5000)|}; }")]
    [InlineData("async Task Loop(object what) { await Work(); await {|SLP001:Loop(field)|}; }")]
    [InlineData("async Task Loop(TimeSpan wait) { await Task.Delay(wait); await {|SLP001:Loop(wait * 2)|}; }")]
    [InlineData("async Task Loop(CancellationToken ct = default) { await Work(); await {|SLP001:Loop()|}; }")]
    public Task Arguments_that_lead_nowhere(string member) => RuleTest.Members(member);

    [Fact]
    public Task Each_call_is_reported() => RuleTest.Members("""
            async Task Loop()
            {
                if (await Read() == 1) { await Task.Delay(1); await {|SLP001:Loop()|}; return; }
                await {|SLP001:Loop()|};
            }
        """);
}

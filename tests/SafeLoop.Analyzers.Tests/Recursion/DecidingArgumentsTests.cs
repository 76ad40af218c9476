using SafeLoop.Analyzers.Tests.Support;

namespace SafeLoop.Analyzers.Tests.Recursion;

/// <summary>An argument bounds a recursion only if its parameter decides whether there is another call.</summary>
public sealed class DecidingArgumentsTests
{
    [Theory]
    [InlineData("async Task C(object h, object s = null) { await Work(); await Task.Delay(5); await {|SLP001:C(h)|}; }")]
    [InlineData("async Task C(object h, string name = \"x\") { try { await Work(); } "
        + "catch { Log(name); await Task.Delay(5); await {|SLP001:C(h)|}; } }")]
    [InlineData(
        "async Task C(bool again = false) { if (again) Log(1); await Work(); await Task.Delay(5); await {|SLP001:C(true)|}; }")]
    [InlineData("async Task C(bool again = false) { try { await Work(); } "
        + "catch { if (again) { Log(1); } await Task.Delay(5); await {|SLP001:C(true)|}; } }")]
    [InlineData("async Task C(bool again) { try { await Work(); } "
        + "catch { Log(again ? 1 : 2); await Task.Delay(5); await {|SLP001:C(true)|}; } }")]
    [InlineData(
        "async Task C(bool first) { if (first) await Read(); await Work(); await Task.Delay(5); await {|SLP001:C(false)|}; }")]
    [InlineData("async Task C(TimeSpan? wait = null) { await Work(); "
        + "await Task.Delay(wait ?? TimeSpan.FromSeconds(5)); await {|SLP001:C(TimeSpan.FromSeconds(10))|}; }")]
    [InlineData("async Task C(TimeSpan? wait = null) { if (wait != null) await Task.Delay(wait.Value); "
        + "await Work(); await {|SLP001:C(TimeSpan.FromSeconds(10))|}; }")]
    [InlineData("async Task C(TimeSpan? wait = null) { await Work(); "
        + "await Task.Delay(wait ?? TimeSpan.FromSeconds(5)); await {|SLP001:C()|}; }")]
    [InlineData("async Task C(string host) { if (!active) return; "
        + "await Open(host); await Task.Delay(5); await {|SLP001:C(\"localhost\")|}; } Task Open(string host) => null;")]
    [InlineData("async Task C(string host) { if (host == null) host = \"x\"; "
        + "await Open(host); await Task.Delay(5); await {|SLP001:C(\"localhost\")|}; } Task Open(string host) => null;")]
    [InlineData("async Task C(int d) { await Work(); await Task.Delay(d); await {|SLP001:C(d < 60000 ? d * 2 : d)|}; }")]
    [InlineData("async Task C(int d) { await Work(); await Task.Delay(d); await {|SLP001:C(Math.Min(d * 2, 60000))|}; }")]
    [InlineData(
        "async Task C(int d) { await Work(); var next = d > 60000 ? d : d * 2; await Task.Delay(d); await {|SLP001:C(next)|}; }")]
    [InlineData("async Task C(int attempt) { try { await Work(); } "
        + "catch { if (attempt % 10 == 0) Log(attempt); await Task.Delay(5); await {|SLP001:C(attempt + 1)|}; } }")]
    [InlineData("async Task<int> C(string token = null) { var used = token ?? \"\"; "
        + "Log(used); await Task.Delay(1); return await {|SLP001:C(\"fresh\")|}; }")]
    public Task That_do_not_decide(string member) => RuleTest.Members(member);

    [Theory]
    [InlineData("async Task Connect() { try { await Work(); } catch (Exception e) { await Reconnect(e); } } "
        + "async Task Reconnect(Exception e) { Log(e?.Message); await Task.Delay(5); await {|SLP002:Connect()|}; }")]
    [InlineData("async Task Connect() { try { await Work(); } catch (Exception e) { await Reconnect(e.Message); } } "
        + "async Task Reconnect(string reason) { if (reason.Length > 0) Log(reason); "
        + "await Task.Delay(5); await {|SLP002:Connect()|}; }")]
    [InlineData("async Task Connect() { try { await Work(); } catch { await Reconnect(\"lost\"); } } "
        + "async Task Reconnect(string reason, bool log = true) { if (log) Log(reason); "
        + "await Task.Delay(5); await {|SLP002:Connect()|}; }")]
    public Task A_pair_that_hands_on_a_reason(string members) => RuleTest.Members(members);

    [Theory]
    [InlineData("async Task C(int n) { if (n > 5) { Log(n); return; } await Task.Delay(5); await C(n + 1); }")]
    [InlineData("async Task C(int n) { switch (n) { case 5: return; } await Task.Delay(5); await C(n + 1); }")]
    [InlineData("async Task C(int n) { var last = n > 5; "
        + "await Work(); if (last) throw new TimeoutException(); await Task.Delay(5); await C(n + 1); }")]
    [InlineData("async Task C(int n) { await Task.Delay(5); await (n > 5 ? Work() : C(n + 1)); }")]
    [InlineData("async Task C(int n) { _ = n < 5 ? n : throw new TimeoutException(); await Task.Delay(5); await C(n + 1); }")]
    [InlineData(
        "async Task C(int n) { try { await Work(); } catch (Exception) when (n < 5) { await Task.Delay(5); await C(n + 1); } }")]
    [InlineData("async Task C(bool last) { if (last) { Log(1); } else { await Task.Delay(5); await C(true); } }")]
    [InlineData("async Task C(string host) { if (host == \"localhost\") throw new TimeoutException(); "
        + "await Task.Delay(5); await C(\"localhost\"); }")]
    [InlineData(
        "async Task C(TimeSpan? wait = null) { if (wait is null) { await Task.Delay(5); await C(TimeSpan.FromSeconds(1)); } }")]
    [InlineData("async Task<int> C(int n) { try { return await Read(); } "
        + "catch { await Task.Delay(5); if (n >= 3) { if (active) Log(n); throw; } return await C(n + 1); } }")]
    [InlineData("async Task<int> Send(bool fresh) { try { return await Get(fresh); } "
        + "catch { await Task.Delay(5); return await Send(true); } } Task<int> Get(bool fresh) => null;")]
    [InlineData("async Task C(int n) { while (n < 5) { await Task.Delay(5); await C(n + 1); return; } }")]
    public Task That_decide(string member) => RuleTest.Members(member);
}

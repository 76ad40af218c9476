using SafeLoop.Analyzers.Tests.Support;

namespace SafeLoop.Analyzers.Tests.Recursion;

/// <summary>The limit stands in a method that the retry calls: a hint, no warning.</summary>
public sealed class LimitInCalleeTests
{
    private const string History = " class History { public int Count; public List<Exception> Errors; int left = 3; "
        + "public bool Next() => left-- > 0; "
        + "public async Task Wait() { if (++Count > 5) throw new TimeoutException(); await Task.Delay(100); } }";

    [Theory]
    [InlineData("async Task Connect(History h) { try { await Work(); } catch { await Backoff(h); await {|SLP004:Connect(h)|}; } "
        + "} async Task Backoff(History h) { if (++h.Count > 5) throw new TimeoutException(); await Task.Delay(100); }")]
    [InlineData("async Task Connect(History h) { try { await Work(); } "
        + "catch { await h.Wait(); await Task.Delay(1); await {|SLP004:Connect(h)|}; } }")]
    [InlineData("async Task Connect() { try { await Work(); } "
        + "catch (Exception e) { await BackoffAsync(e); await {|SLP004:Connect()|}; } } "
        + "Task BackoffAsync(Exception e) { attempts++; if (attempts > 5) throw e; return Task.Delay(100); }")]
    [InlineData("async Task Connect(History h) { try { await Work(); } "
        + "catch (Exception e) { await Backoff(h, e); await {|SLP004:Connect(h)|}; } } "
        + "async Task Backoff(History h, Exception e) { h.Errors.Add(e); "
        + "if (h.Errors.Count > 5) throw new AggregateException(h.Errors); await Task.Delay(100); }")]
    [InlineData("async Task Poll() { await Work(); ThrowIfTooMany(); await Task.Delay(5); await {|SLP004:Poll()|}; } "
        + "void ThrowIfTooMany() { switch (Interlocked.Increment(ref attempts)) { case > 5: throw new TimeoutException(); } }")]
    [InlineData("DateTime until; async Task Poll() { ThrowIfLate(); await Task.Delay(5); await {|SLP004:Poll()|}; } "
        + "void ThrowIfLate() { if (DateTime.UtcNow > until) throw new TimeoutException(); }")]
    public Task That_throws(string member) => RuleTest.Members(member + History);

    [Theory]
    [InlineData("async Task Connect(History h) { try { await Work(); } "
        + "catch when (MayRetry(h)) { await Task.Delay(5); await {|SLP004:Connect(h)|}; } } "
        + "bool MayRetry(History h) => h.Count++ < 5;")]
    [InlineData("async Task Connect(History h) { try { await Work(); } "
        + "catch { if (!MayRetry(h)) throw; await Task.Delay(5); await {|SLP004:Connect(h)|}; } } "
        + "static bool MayRetry(History h) { h.Count++; return h.Count < 5; }")]
    [InlineData("async Task Connect(History h) { try { await Work(); } "
        + "catch { if (!h.Next()) throw; await Task.Delay(5); await {|SLP004:Connect(h)|}; } }")]
    [InlineData("async Task Connect(History h) { try { await Work(); } "
        + "catch { var more = h.Next(); if (!more) throw; await Task.Delay(5); await {|SLP004:Connect(h)|}; } }")]
    [InlineData("async Task Connect() { try { await Work(); } catch { if (await Wait()) await {|SLP004:Connect()|}; } } "
        + "async Task<bool> Wait() { if (++attempts > 5) return false; await Task.Delay(5); return true; }")]
    [InlineData("bool Many { get { return ++attempts > 5; } } "
        + "async Task Connect() { try { await Work(); } "
        + "catch { if (Many) throw; await Task.Delay(5); await {|SLP004:Connect()|}; } }")]
    [InlineData("interface IPolicy { bool ShouldRetry(Exception e); } "
        + "IPolicy policy; async Task Connect() { try { await Work(); } "
        + "catch (Exception e) when (policy.ShouldRetry(e)) { await Task.Delay(5); await {|SLP004:Connect()|}; } }")]
    public Task That_says_no(string member) => RuleTest.Members(member + History);

    [Theory]
    [InlineData("async Task Connect() { try { await Work(); } catch { await Reconnect(); } } "
        + "async Task Reconnect() { Count(); await Task.Delay(500); await Connect(); } "
        + "void Count() { if (++attempts > 9) throw new TimeoutException(); }")]
    [InlineData("async Task Connect() { try { await Work(); } catch when (MayRetry()) { await Reconnect(); } } "
        + "async Task Reconnect() { await Task.Delay(500); await Connect(); } bool MayRetry() => ++attempts < 9;")]
    public Task Of_a_pair(string member) => RuleTest.Members(member);

    [Theory]
    [InlineData("async Task Connect() { try { await Send(); } catch { await Task.Delay(5); await {|SLP001:Connect()|}; } } "
        + "async Task Send() { if (++attempts > 5) throw new TimeoutException(); await Work(); }")]
    [InlineData("async Task Poll() { Count(); await Task.Delay(5); await {|SLP001:Poll()|}; } "
        + "void Count() { attempts++; Log(attempts); }")]
    [InlineData("async Task Poll() { await Send(1); await Task.Delay(5); await {|SLP001:Poll()|}; } "
        + "async Task Send(int what) { if (what > 5) throw new ArgumentException(); "
        + "var n = 0; n++; if (n > 3) throw new ArgumentException(); await Work(); }")]
    [InlineData("async Task Poll() { if (IsOpen()) Log(1); await Task.Delay(5); await {|SLP001:Poll()|}; } "
        + "bool IsOpen() => ++attempts > 3;")]
    public Task Elsewhere_is_no_limit(string member) => RuleTest.Members(member);
}

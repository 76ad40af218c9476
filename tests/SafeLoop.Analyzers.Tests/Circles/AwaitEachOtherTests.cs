using SafeLoop.Analyzers.Tests.Support;

namespace SafeLoop.Analyzers.Tests.Circles;

/// <summary>SLP002: repeating through other methods of the type.</summary>
public sealed class AwaitEachOtherTests
{
    [Theory]
    [InlineData("async Task Ping() { await Work(); await Pong(); } async Task Pong() { await Work(); await {|SLP002:Ping()|}; }")]
    [InlineData("async Task Ping() { if (!active) return; await Work(); await Pong(); } "
        + "async Task Pong() { await {|SLP002:Ping()|}; }")]
    [InlineData("async Task Ping(CancellationToken ct) { await Work(); await Pong(ct).ConfigureAwait(false); } "
        + "async Task Pong(CancellationToken ct) { await {|SLP002:Ping(ct)|}; }")]
    [InlineData("async Task Connect() { try { await Work(); } catch { await Reconnect(); } } "
        + "async Task Reconnect() { await Task.Delay(500); await {|SLP002:Connect()|}; }")]
    [InlineData("async Task Connect() { try { await Work(); attempts = 0; } catch { await Reconnect(); } } "
        + "async Task Reconnect() { if (++attempts > 9) return; await Task.Delay(500); await {|SLP002:Connect()|}; }")]
    [InlineData("async Task Connect() { try { await Work(); } catch { await Reconnect(); } return; void Done() { attempts = 0; } "
        + "} async Task Reconnect() { if (++attempts > 9) return; await Task.Delay(500); await {|SLP002:Connect()|}; }")]
    [InlineData("async Task Ping() { await Work(); await Pong(); } Task Pong() => {|SLP002:Ping()|};")]
    [InlineData("async ValueTask Ping() { await Work(); await Task.Run(() => Pong()); } "
        + "async Task Pong() { await {|SLP002:Ping()|}; }")]
    public Task Two_methods(string members) => RuleTest.Members(members);

    [Theory]
    [InlineData("async Task Loop() { if (!active) return; "
        + "await Step(); async Task Step() { try { await Work(); } catch (Exception e) { Log(e); } await {|SLP002:Loop()|}; } }")]
    [InlineData("Task Loop() { return Step(); async Task Step() { await Work(); await {|SLP002:Loop()|}; } }")]
    public Task A_method_and_a_function_in_it(string members) => RuleTest.Members(members);

    [Theory]
    [InlineData("async Task A() { await Work(); await B(); } "
        + "async Task B() { await C(); } async Task C() { await Task.Delay(9); await {|SLP002:A()|}; }")]
    [InlineData("async Task A() { await Work(); await B(); } "
        + "async Task B() { await C(); } async Task C() { await D(); } async Task D() { await {|SLP002:A()|}; }")]
    public Task More_methods(string members) => RuleTest.Members(members);

    [Fact]
    public Task Partial_methods() => RuleTest.File("""
        using System.Threading.Tasks;
        partial class Job
        {
            public partial Task Ping();
            public async partial Task Ping() { await Task.Delay(1); await Pong(); }
            async Task Pong() { await {|SLP002:Ping()|}; }
        }
        """);

    [Fact]
    public Task Over_the_files_of_a_partial_class() => RuleTest.File("""
        using System.Threading.Tasks;
        partial class Job { async Task Ping() { await Task.Delay(1); await Pong(); } }
        partial class Job { async Task Pong() { await {|SLP002:Ping()|}; } }
        """);

    [Theory]
    [InlineData("async Task Connect() { try { await Work(); } catch { await Reconnect(); } } "
        + "async Task Reconnect() { await {|SLP002:Connect()|}; }")]
    [InlineData("async Task Connect() { try { await Work(); } catch (Exception e) { await Reconnect(e); } } "
        + "async Task Reconnect(Exception e) { Log(e); await {|SLP002:Connect()|}; }")]
    public Task A_pair_without_a_delay(string members) => RuleTest.Members(members);

    [Theory]
    [InlineData("event Func<Task> Failed; void Start() { Failed += OnFailed; } "
        + "async Task Run() { try { await Work(); } catch { await Failed(); } } "
        + "async Task OnFailed() { await Task.Delay(5); await {|SLP002:Run()|}; }")]
    [InlineData("event Func<string, Task> Failed; Job() { Failed += OnFailed; } "
        + "async Task Run() { try { await Work(); } catch { await Failed.Invoke(\"lost\"); } } "
        + "async Task OnFailed(string why) { Log(why); await Task.Delay(5); await {|SLP002:Run()|}; }")]
    [InlineData("event Func<Task> Failed; Job() { Failed += async () => { await Task.Delay(5); await Run(); }; } "
        + "async Task Run() { try { await Work(); } catch { if (Failed != null) await {|SLP002:Failed()|}; } }")]
    public Task Through_an_event_of_the_type(string members) => RuleTest.Members(members);

    [Fact]
    public Task Through_an_event_that_others_raise_is_not_seen() => RuleTest.Members(
        "event Func<Task> Failed; void Start() { Failed += OnFailed; } "
        + "async Task Run() { await Work(); } async Task OnFailed() { await Task.Delay(5); await Run(); }");

    [Theory]
    [InlineData("class Base { public async Task Run() { await Task.Yield(); await Step(); } "
        + "protected virtual Task Step() => Task.CompletedTask; } "
        + "class Derived : Base { protected override async Task Step() { await Task.Delay(5); await {|SLP002:Run()|}; } }")]
    [InlineData("abstract class Base { protected async Task Again() { await Task.Delay(5); await Connect(); } "
        + "public abstract Task Connect(); } "
        + "class Derived : Base { public override async Task Connect() { try { await Task.Yield(); } "
        + "catch { await {|SLP002:Again()|}; } } }")]
    public Task Over_a_base_and_its_derived_class(string members) => RuleTest.Members(members);

    [Theory]
    [InlineData("class Base { public async Task Run(int n) { await Task.Delay(5); if (n > 0) await Step(n - 1); } "
        + "protected virtual Task Step(int n) => Task.CompletedTask; } "
        + "class Derived : Base { protected override async Task Step(int n) { await Task.Yield(); await Run(n); } }")]
    [InlineData("class Base { public async Task Run() { await Task.Delay(5); Step(); } "
        + "protected virtual Task Step() => Task.CompletedTask; } "
        + "class Derived : Base { protected override async Task Step() { await Task.Yield(); await Run(); } }")]
    [InlineData("class Base { public async Task Run(int[] all) { "
        + "foreach (var one in all) { await Task.Delay(5); await Step(all); } } "
        + "protected virtual Task Step(int[] all) => Task.CompletedTask; } "
        + "class Derived : Base { protected override async Task Step(int[] all) { await Task.Yield(); await Run(all); } }")]
    public Task A_derived_class_that_comes_to_an_end(string members) => RuleTest.Members(members);

    [Theory]
    [InlineData("async Task<int> Expression() { var one = await Term(); return one; } "
        + "async Task<int> Term() { if (await Read() == '(') return await Expression(); return 1; }")]
    [InlineData("async Task Walk(Node node) { await Work(); await Children(node); } "
        + "async Task Children(Node node) { foreach (var child in node.All) await Walk(child); } "
        + "class Node { public Node[] All; }")]
    [InlineData("async Task Ping() { await Work(); _ = Pong(); } async Task Pong() { await Task.Delay(1); await Ping(); }")]
    [InlineData("async Task Connect() { try { await Work(); } catch { await Reconnect(); } } "
        + "async Task Reconnect() { if (++attempts > 9) return; await Task.Delay(500); await Connect(); }")]
    [InlineData("async Task Try(int left) { try { await Work(); } catch { await Again(left - 1); } } "
        + "async Task Again(int left) { if (left == 0) return; await Task.Delay(1); await Try(left); }")]
    [InlineData("async Task Send(bool fresh) { if (await Read() == 401 && !fresh) await Refresh(); } "
        + "async Task Refresh() { await Task.Delay(1); await Send(true); }")]
    [InlineData("async Task Ping(Job other) { await Work(); await other.Pong(this); } "
        + "async Task Pong(Job other) { await Task.Delay(1); await other.Ping(this); }")]
    [InlineData("async Task Ping() { await Work(); if (await Read() == 1) await Pong(); } "
        + "async Task Pong() { await Ping(); Log(1); }")]
    [InlineData("async Task Text() { if (await Read() == 0) return; await Tag(); } "
        + "async Task Tag() { await Work(); await Text(); }")]
    [InlineData("async Task Text() { var next = await Read(); if (next == 0) return; await Tag(); } "
        + "async Task Tag() { await Text(); }")]
    [InlineData("Queue<int> input; async Task Text() { if (!input.TryDequeue(out _)) return; await Tag(); } "
        + "async Task Tag() { await Text(); }")]
    [InlineData(
        "async Task Loop(int n) { await Task.Delay(1); await Step(); async Task Step() { if (n > 0) await Loop(n - 1); } }")]
    [InlineData("async Task Walk(Node node) { await Task.Delay(1); if (node == null) return; await Step(node.Left); "
        + "await Step(node.Right); async Task Step(Node child) { await Work(); await Walk(child); } } "
        + "class Node { public Node Left, Right; }")]
    public Task Legitimate_circles(string members) => RuleTest.Members(members);

    [Theory]
    [InlineData("off")]
    [InlineData("OFF")]
    public Task Can_be_switched_off(string value) => RuleTest.Members(
        "async Task Ping() { await Work(); await Pong(); } async Task Pong() { await Ping(); }", $"safeloop_mutual = {value}");

    [Fact]
    public Task Can_be_limited_to_pairs() => RuleTest.Members("""
            async Task A() { await Work(); await B(); } async Task B() { await C(); } async Task C() { await A(); }
            async Task Ping() { await Work(); await Pong(); } async Task Pong() { await {|SLP002:Ping()|}; }
        """, "safeloop_mutual = pairs");
}

using SafeLoop.Analyzers.Tests.Support;

namespace SafeLoop.Analyzers.Tests.Recursion;

/// <summary>Recursion that is none of our business. A warning here is worse than one that is missing elsewhere.</summary>
public sealed class LegitimateRecursionTests
{
    [Theory]
    [InlineData(
        "async Task Walk(string path) { foreach (var child in System.IO.Directory.GetDirectories(path)) await Walk(child); }")]
    [InlineData("async Task Walk(Node node) { if (node == null) return; "
        + "await Work(); await Walk(node.Left); await Walk(node.Right); } class Node { public Node Left, Right; }")]
    [InlineData("async Task Walk(Node node) { await Work(); "
        + "foreach (var child in node.All) { await Task.Delay(1); await Walk(child); } } class Node { public Node[] All; }")]
    [InlineData("async Task Walk(Node node) { await Work(); await Task.WhenAll(node.All.Select(child => Walk(child))); } "
        + "class Node { public Node[] All; }")]
    [InlineData("async Task Up(Node node) { if (node.Parent != null) await Up(node.Parent); await Work(); } "
        + "class Node { public Node Parent; }")]
    [InlineData("IEnumerable<int> Walk(Node node) { yield return 1; "
        + "foreach (var child in node.All) foreach (var item in Walk(child)) yield return item; } "
        + "class Node { public Node[] All; }")]
    [InlineData("class Node { public Node Next; public async Task Walk() { await Task.Yield(); await Next.Walk(); } }")]
    public Task Walks_through_trees_and_lists(string member) => RuleTest.Members(member);

    [Theory]
    [InlineData("async Task Try(int left) { try { await Work(); } "
        + "catch { if (left == 0) throw; await Task.Delay(10); await Try(left - 1); } }")]
    [InlineData("async Task Try(int left = 3) { try { await Work(); } "
        + "catch when (left > 0) { await Task.Delay(10); await Try(left - 1); } }")]
    [InlineData("async Task Try(int left) { var more = left - 1; try { await Work(); } "
        + "catch { if (more < 0) throw; await Task.Delay(10); await Try(more); } }")]
    [InlineData("async Task Try(TimeSpan wait) { if (wait > TimeSpan.FromMinutes(1)) throw new TimeoutException(); "
        + "await Task.Delay(wait); await Try(wait * 2); }")]
    [InlineData("async Task<int> Try(bool again = false) { try { return await Read(); } "
        + "catch { if (again) throw; await Task.Delay(10); return await Try(true); } }")]
    [InlineData("async Task<int> Try(bool again = false) { var last = again; try { return await Read(); } "
        + "catch { Log(last); return await Try(again: true); } }")]
    [InlineData("async Task Try(int attempt) { ArgumentOutOfRangeException.ThrowIfGreaterThan(attempt, 5); try { await Work(); } "
        + "catch { await Task.Delay(10); await Try(attempt + 1); } }")]
    [InlineData("TimeSpan[] pauses; async Task Try(int attempt) { try { await Work(); } "
        + "catch { await Task.Delay(pauses[attempt]); await Try(attempt + 1); } }")]
    [InlineData("List<int> pauses; async Task Try(int attempt) { try { await Work(); } "
        + "catch { await Task.Delay(pauses[attempt]); await Try(++attempt); } }")]
    [InlineData("async Task<bool> Try(int left) { await Task.Delay(10); return left == 0 || await Try(left - 1); }")]
    [InlineData(
        "async Task<bool> Try(int left) { await Task.Delay(10); return left > 0 && await Read() == 1 && await Try(left - 1); }")]
    public Task Retries_with_a_limit(string member) => RuleTest.Members(member);

    [Theory]
    [InlineData("async Task Load(string next) { var page = await Get(next); if (page.Next != null) await Load(page.Next); } "
        + "Task<Page> Get(string at) => null; class Page { public string Next; }")]
    [InlineData("async Task Load(string next) { var page = await Get(next); "
        + "if (page.More) { await Task.Delay(50); await Load(page.Next); } } "
        + "Task<Page> Get(string at) => null; class Page { public bool More; public string Next; }")]
    [InlineData("async Task Load(int page) { var items = await Get(page); "
        + "if (items.Length == 0) return; await Load(page + items.Length); } Task<int[]> Get(int at) => null;")]
    [InlineData(
        "async Task Send(int[] items) { if (items.Length == 0) return; await Work(); await Send(items.Skip(1).ToArray()); }")]
    public Task Pages(string member) => RuleTest.Members(member);

    [Theory]
    [InlineData("Node current; async Task Walk() { if (current == null) return; "
        + "await Work(); current = current.Next; await Walk(); } class Node { public Node Next; }")]
    [InlineData("string at; async Task Load() { var page = await Get(at); at = page.Next; "
        + "if (at == null) return; await Load(); } Task<Page> Get(string at) => null; class Page { public string Next; }")]
    [InlineData("string at; async Task Load() { var page = await Get(at); at = page.Next; "
        + "if (at != null) { await Task.Delay(50); await Load(); } } "
        + "Task<Page> Get(string at) => null; class Page { public string Next; }")]
    [InlineData("Queue<int> queue; async Task Drain() { if (!queue.TryDequeue(out var item)) return; "
        + "await Work(); Log(item); await Drain(); }")]
    [InlineData("async Task Drain(Stack<int> items) { if (items.Count == 0) return; "
        + "Log(items.Pop()); await Work(); await Drain(items); }")]
    [InlineData(
        "async Task Drain(List<int> items) { if (!items.Any()) return; items.RemoveAt(0); await Work(); await Drain(items); }")]
    [InlineData("async Task Consume(IAsyncEnumerator<int> items) { if (!await items.MoveNextAsync()) return; "
        + "Log(items.Current); await Consume(items); }")]
    [InlineData("async IAsyncEnumerable<int> Concat(IEnumerator<IAsyncEnumerable<int>> all) { if (!all.MoveNext()) yield break; "
        + "await foreach (var item in all.Current) yield return item; "
        + "await foreach (var item in Concat(all)) yield return item; }")]
    [InlineData("async Task Drain(Queue<int> items) { if (items.Count == 0) return; "
        + "Log(items.Dequeue()); await Task.Delay(5); await Drain(items); }")]
    [InlineData("Queue<int> queue; async Task Drain() { if (!queue.TryDequeue(out var item)) return; "
        + "await Task.Delay(item); await Drain(); }")]
    [InlineData(
        "async Task Drain(Stack<int> items) { if (items.TryPop(out var item)) { await Task.Delay(item); await Drain(items); } }")]
    [InlineData("async Task Consume(IEnumerator<int> items) { if (!items.MoveNext()) return; "
        + "await Task.Delay(items.Current); await Consume(items); }")]
    [InlineData("async Task Consume(IEnumerator<int> items) { var more = items.MoveNext(); "
        + "if (more) { await Task.Delay(items.Current); await Consume(items); } }")]
    [InlineData(
        "HashSet<int> open; async Task Close(int one) { if (!open.Remove(one)) return; await Task.Delay(5); await Close(one); }")]
    [InlineData("async Task Drain(List<int> items) { "
        + "if (items.Count > 0) { items.Remove(items[0]); await Task.Delay(5); await Drain(items); } }")]
    public Task Input_that_is_used_up(string member) => RuleTest.Members(member);

    [Theory]
    [InlineData("Queue<int> queue; async Task Pump() { "
        + "if (!queue.TryDequeue(out var item)) { await Task.Delay(5); await {|SLP001:Pump()|}; return; } await Work(); }")]
    [InlineData("Queue<int> queue; async Task Pump() { if (queue.TryDequeue(out var item)) { await Work(); return; } "
        + "await Task.Delay(5); await {|SLP001:Pump()|}; }")]
    [InlineData("Queue<int> queue; async Task Pump() { if (queue.TryDequeue(out var item)) Log(item); "
        + "await Task.Delay(5); await {|SLP001:Pump()|}; }")]
    [InlineData("async Task Tail(System.IO.StreamReader reader) { "
        + "if (reader.EndOfStream) { await Task.Delay(5); await {|SLP001:Tail(reader)|}; } }")]
    public Task Waiting_for_input_is_no_walk_through_it(string member) => RuleTest.Members(member);

    [Theory]
    [InlineData("async Task<int> Unary() { if (await Read() == '-') return -await Unary(); return 1; }")]
    [InlineData(
        "async Task<int> Sum() { var one = await Read(); if (one == 0) return 0; var rest = await Sum(); return one + rest; }")]
    [InlineData("async Task Reverse() { var one = await Read(); if (one == 0) return; await Reverse(); Log(one); }")]
    [InlineData("async Task Sum() { await Factor(); if (await Read() == '+') { Log(1); await Sum(); } } "
        + "async Task Factor() { if (await Read() == '(') { await Sum(); Log(1); } }")]
    [InlineData("async Task List() { await Item(); if (await Read() == ',') await List(); } "
        + "async Task Item() { await Bracket(); } async Task Bracket() { if (await Read() == '[') { await List(); Log(1); } }")]
    [InlineData("int at; string text; bool AtEnd => at == text.Length; "
        + "async Task Statements() { await Work(); at++; if (!AtEnd) await Statements(); }")]
    [InlineData("async Task Lines(System.IO.StreamReader reader) { if (reader.EndOfStream) return; "
        + "await Work(); Log(reader.ReadLine()); await Lines(reader); }")]
    public Task Parsers(string member) => RuleTest.Members(member);

    [Theory]
    [InlineData("async Task Show() { if (!active) { Ui(async () => await Show()); return; } await Work(); } "
        + "void Ui(Action what) { }")]
    [InlineData("async Task Show() { if (!active) { await Ui(() => Show()); return; } await Work(); } "
        + "Task Ui(Func<Task> what) => what();")]
    [InlineData("Task Show() { if (!active) return Ui.InvokeAsync(() => Show()); return Work(); } "
        + "static class Ui { public static Task InvokeAsync(Func<Task> what) => what(); }")]
    [InlineData(
        "async void Show(SynchronizationContext ui) { if (!active) { ui.Post(_ => Show(ui), null); return; } await Work(); }")]
    public Task Marshalling_to_another_thread(string member) => RuleTest.Members(member);

    [Theory]
    [InlineData("event Func<Task> Changed; "
        + "async Task Watch() { await Work(); Changed += async () => await Watch(); Changed += Watch; }")]
    [InlineData("async Task Watch() { await Work(); Func<Task> again = () => Watch(); Log(again); }")]
    [InlineData("async Task Watch() { await Work(); Register(Watch); } void Register(Func<Task> handler) { }")]
    [InlineData("async Task Watch() { await Work(); Log(nameof(Watch)); }")]
    public Task Handlers_and_names(string member) => RuleTest.Members(member);

    [Theory]
    [InlineData("Task Save() => Save(1); Task Save(int version) => Work();")]
    [InlineData("async Task Save() { await Work(); await other.Save(); } Job other;")]
    [InlineData("async Task Save<T>() { await Work(); await Save<List<T>>(); }")]
    [InlineData("class Base { public virtual Task Save() => Task.CompletedTask; } "
        + "class Derived : Base { public override async Task Save() { await Task.Yield(); await base.Save(); } }")]
    [InlineData("class Decorator : IJob { IJob inner; public async Task Run() { await Task.Yield(); await inner.Run(); } } "
        + "interface IJob { Task Run(); }")]
    public Task Overloads_other_objects_and_base_calls(string member) => RuleTest.Members(member);

    [Theory]
    [InlineData("Task Loop() { return Loop(); }")]
    [InlineData("Task Loop() { if (!active) return Task.CompletedTask; return Loop(); }")]
    [InlineData("void Loop() { Loop(); }")]
    [InlineData("int Fibonacci(int n) => n < 2 ? n : Fibonacci(n - 1) + Fibonacci(n - 2);")]
    [InlineData("Task Loop() { Log(1); _ = Loop(); return Work(); }")]
    public Task Synchronous_recursion_is_a_stack_overflow_which_others_report(string member) => RuleTest.Members(member);

    [Theory]
    [InlineData("bool signedIn; async Task<int> Send() { "
        + "if (await Read() == 401 && !signedIn) { signedIn = true; return await Send(); } return 1; }")]
    [InlineData("string token; async Task<int> Send() { if (token == null) { token = \"t\"; return await Send(); } "
        + "return await Read(); }")]
    [InlineData("bool again; async Task<int> Send() { var retry = await Read() == 1 && !again; "
        + "if (retry) { again = true; return await Send(); } return 1; }")]
    [InlineData("bool again; async Task<int> Send() { var read = await Read(); "
        + "if (read == 401 && !again) { again = true; await Task.Delay(1); return await Send(); } return read; }")]
    [InlineData("bool again; async Task Send() { await Task.Delay(1); if (again) return; again = true; await Send(); }")]
    [InlineData("async Task Send(TimeSpan pause) { await Task.Delay(pause); "
        + "if (pause > TimeSpan.FromSeconds(1)) await Send(TimeSpan.Zero); }")]
    public Task A_second_try_after_setting_what_was_missing(string member) => RuleTest.Members(member);

    [Theory]
    [InlineData("async Task Loop() { while (active) { await Work(); await Task.Delay(10); } }")]
    [InlineData("async Task Loop() { while (active) { await Work(); if (!active) await Loop(); await Task.Delay(10); } }")]
    [InlineData("Timer timer; void Start() { timer ??= new Timer(_ => Start(), null, 1000, 1000); }")]
    public Task Loops_and_timers_that_repeat_by_themselves(string member) => RuleTest.Members(member);
}

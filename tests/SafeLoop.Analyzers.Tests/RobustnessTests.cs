using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SafeLoop.Analyzers.BackgroundLoops;
using SafeLoop.Analyzers.Recursion;
using SafeLoop.Analyzers.Tests.Support;
using Platform = SafeLoop.Analyzers.Tests.Support.Platform;

namespace SafeLoop.Analyzers.Tests;

/// <summary>The analyzers run on every key stroke, over whatever stands there.</summary>
public sealed class RobustnessTests
{
    private const string Everything = """
        async Task Story()
        {
            if (!active) return;
            try { await Work(); } catch (Exception e) when (e != null) { Log(e); } finally { Log(1); }
            await Story();
        }
        async Task<int> Value(int n, params int[] all)
        {
            switch (n) { case 1: return await Value(n + 1, 2, 3); default: return await (n > 2 ? Value(n) : Value(++n)); }
        }
        async IAsyncEnumerable<int> Items() { yield return 1; await foreach (var item in Items()) yield return item; }
        async Task Start()
        {
            Func<Task> loop = null;
            loop = async () => { await Task.Delay(1); await loop(); };
            await Local();
            async Task Local() { await Task.Run(() => Local()); }
        }
        async Task Ping() { await Work(); await Pong(); } async Task Pong() { await Ping(); }
        void Poll()
        {
            Task.Delay(1).ContinueWith(_ => Poll());
            var timer = new Timer(async _ => await Work(), null, 1, Timeout.Infinite);
        }
        protected override async Task ExecuteAsync(CancellationToken stop)
        {
            while (true) { await Work(); await Task.Delay(TimeSpan.FromHours(1)); }
        }
        """;

    private static readonly SyntaxTree Common = CSharpSyntaxTree.ParseText(TestSources.Common, path: "Common.cs");

    // Made once: what a compilation knows of its references is handed on to those made from it.
    private static readonly CSharpCompilation Something = CSharpCompilation.Create("Half", [], Platform.References,
        new(OutputKind.DynamicallyLinkedLibrary));
    private static readonly CSharpCompilation Nothing = CSharpCompilation.Create(
        "Half", [], [], new(OutputKind.DynamicallyLinkedLibrary));

    /// <summary>
    /// Of all sources of all tests. What two begin with alike is looked at once, and so is white space: a prefix that ends in it
    /// has the tokens of the one before it.
    /// </summary>
    [Fact]
    public Task Every_prefix_of_every_source_is_analyzed_without_an_exception()
    {
        var prefixes = new HashSet<string>(Prefixes(Code.WithMembers(""), 0));
        foreach (var (source, start) in TestSources.All())
            prefixes.UnionWith(Prefixes(source, start));
        prefixes.RemoveWhere(prefix => prefix is [.., var last] && char.IsWhiteSpace(last));
        Assert.True(prefixes.Count > 20_000, $"Only {prefixes.Count} prefixes were found.");

        return AnalyzeAllAsync(prefixes);

        static IEnumerable<string> Prefixes(string source, int start) =>
            Enumerable.Range(start, source.Length - start + 1).Select(length => source[..length]);
    }

    [Fact]
    public async Task Every_token_may_be_missing()
    {
        var source = Code.WithMembers(Everything);
        var tokens = (await CSharpSyntaxTree.ParseText(source).GetRootAsync()).DescendantTokens();

        await AnalyzeAllAsync(tokens.Select(token => source.Remove(token.SpanStart, token.Span.Length)));
    }

    /// <summary>A stack overflow would take the compiler with it.</summary>
    [Fact]
    public void A_sum_of_thousands_of_strings_does_not_take_the_stack()
    {
        var body = BodyOf("async Task<string> Loop(string s) { await Task.Delay(1); var all = s"
            + string.Concat(Enumerable.Repeat(" + s", 20_000)) + "; return await Loop(all); }");
        var hasDelay = false;
        var small =
            new Thread(() => hasDelay = FunctionBody.Of(body, null, new AnalyzerSettings([], [], MutualRecursion.Cycles)).HasDelay
                && Handling.LetsThroughAny(body), maxStackSize: 512 * 1024);

        small.Start();
        small.Join();

        Assert.True(hasDelay);
    }

    [Fact]
    public void A_method_is_walked_through_once_however_often_it_calls_itself()
    {
        var settings = new AnalyzerSettings([], [], MutualRecursion.Cycles);
        var body = BodyOf("async Task Loop(int n) { await Task.Delay(1); if (n > 1) await Loop(n); else await Loop(n + 1); }");
        var calls = body.Descendants().OfType<IInvocationOperation>().Where(call => call.TargetMethod.Name == "Loop").ToList();

        Assert.Equal(2, calls.Count);
        Assert.Same(FunctionBody.SharedOf(body, calls[0], settings), FunctionBody.SharedOf(body, calls[1], settings));
    }

    [Fact]
    public async Task The_platform_may_be_missing()
    {
        await AnalyzeAsync(Code.WithMembers(Everything), []);
        await AnalyzeAsync("class Job { async Task Loop() { await Loop(); } }", []);
    }

    [Theory]
    [InlineData("static void Loop(__arglist) { ThreadPool.QueueUserWorkItem(_ => Loop(__arglist(1))); }")]
    [InlineData("async Task Ping() { await Task.Delay(1); await Pong(__arglist(1)); } Task Pong(__arglist) { return Ping(); }")]
    public async Task Arguments_may_have_no_parameter(string members) =>
        await AnalyzeAsync(Code.WithMembers(members), Platform.References);

    /// <summary>Without its package, the method of the same name that it wraps is not there either.</summary>
    [Fact]
    public async Task An_extension_of_an_unknown_type_may_be_a_wrapper() => Assert.Empty(await AnalyzeAsync(
        "using System.Threading.Tasks; "
        + "static class Wrapping { "
        + "public static async Task Send(this IUnknown to, int what, string why = null) { await Task.Delay(1); "
        + "await to.Send(what); } }", Platform.References));

    [Theory]
    [InlineData("// <auto-generated/>\n", "Job.cs")]
    [InlineData("", "Job.g.cs")]
    public async Task Generated_code_is_left_alone(string header, string path)
    {
        var source = Code.WithMembers("async Task Loop() { await Work(); await Loop(); }");

        Assert.Single(await AnalyzeAsync(source, Platform.References));
        Assert.Empty(await AnalyzeAsync(header + source, Platform.References, path));
    }

    /// <summary>
    /// Many to a compilation, each in a namespace of its own: most of the time would go into what all of them share.
    /// </summary>
    private static Task AnalyzeAllAsync(IEnumerable<string> sources) =>
        Parallel.ForEachAsync(sources.Chunk(50), async (chunk, _) =>
        {
            var trees = chunk.Select((source, index) => CSharpSyntaxTree.ParseText($"namespace N{index} {{\n{source}",
                path: $"{index}.cs"));
            var failures = new List<string>();

            await AnalyzeAsync(Something.AddSyntaxTrees(Common).AddSyntaxTrees(trees), failures);

            if (failures.Count > 0)
                foreach (var source in chunk)
                    await AnalyzeAsync(source, Platform.References);
            Assert.Empty(failures);
        });

    private static IOperation BodyOf(string method)
    {
        var tree = CSharpSyntaxTree.ParseText(Code.WithMembers(method));
        var loop = tree.GetRoot().DescendantNodes().OfType<MethodDeclarationSyntax>()
            .Single(found => found.Identifier.Text == "Loop");
        return Something.AddSyntaxTrees(tree).GetSemanticModel(tree).GetOperation(loop)!;
    }

    private static async Task<ImmutableArray<Diagnostic>> AnalyzeAsync(
        string source, ImmutableArray<MetadataReference> references, string path = "Job.cs")
    {
        var compilation =
            (references.IsEmpty ? Nothing : Something).AddSyntaxTrees(CSharpSyntaxTree.ParseText(source, path: path));
        var failures = new List<string>();
        var found = await AnalyzeAsync(compilation, failures);

        Assert.Empty(failures.Select(failure => failure + "\n" + source));
        return found;
    }

    private static Task<ImmutableArray<Diagnostic>> AnalyzeAsync(Compilation compilation, List<string> failures)
    {
        var options = new CompilationWithAnalyzersOptions(new AnalyzerOptions([]),
            (error, analyzer, _) => failures.Add($"{analyzer}: {error}"), concurrentAnalysis: false,
            logAnalyzerExecutionTime: false);
        return compilation.WithAnalyzers(Platform.Analyzers, options).GetAnalyzerDiagnosticsAsync();
    }
}

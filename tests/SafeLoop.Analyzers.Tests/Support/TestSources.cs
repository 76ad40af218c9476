using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace SafeLoop.Analyzers.Tests.Support;

/// <summary>The code these tests are about, taken from the literals of their own files.</summary>
internal static partial class TestSources
{
    /// <summary>What all of them need, once: most of the time would go into it otherwise.</summary>
    public const string Common = """
        global using System;
        global using System.Collections;
        global using System.Collections.Generic;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;

        namespace Microsoft.Extensions.Hosting
        {
            public abstract class BackgroundService { protected abstract Task ExecuteAsync(CancellationToken stop); }
        }

        class JobBase
        {
            protected bool active = true;
            protected int attempts;
            protected object field;
            protected Task Work() => Task.CompletedTask;
            protected Task<int> Read() => Task.FromResult(1);
            protected void Log(object what) { }
        }
        """;

    private const string Job = "class Job : JobBase\n{\n";

    private const string Service = """
        class Service : Microsoft.Extensions.Hosting.BackgroundService
        {
            PeriodicTimer timer = new(TimeSpan.FromSeconds(9));
            TimeSpan pause;
            Task Work() => Task.CompletedTask;

            protected override async Task ExecuteAsync(CancellationToken stop)
            {

        """;

    /// <summary>Each literal with what stands before it in the file it is tested in, and where it begins.</summary>
    public static IEnumerable<(string Source, int Start)> All() =>
        from file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests", "SafeLoop.Analyzers.Tests"), "*.cs",
            SearchOption.AllDirectories)
        where !file.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj")
        from token in CSharpSyntaxTree.ParseText(File.ReadAllText(file)).GetRoot().DescendantTokens()
        where token.Kind() is SyntaxKind.StringLiteralToken or SyntaxKind.SingleLineRawStringLiteralToken
            or SyntaxKind.MultiLineRawStringLiteralToken
        let text = Mark().Replace(token.ValueText, "")
        where text.Length > 30
            && (text.Contains("await ", StringComparison.Ordinal) || text.Contains("Task", StringComparison.Ordinal))
        let before = Before(text, file)
        select (before + text, before.Length);

    private static string Before(string text, string file)
    {
        if (text.Contains("using System", StringComparison.Ordinal))
            return "";
        return file.Contains("BackgroundLoops", StringComparison.Ordinal) && !text.Contains("class ", StringComparison.Ordinal)
            ? Service
            : Job;
    }

    [GeneratedRegex(@"\{\|SLP\d+:|\|\}")]
    private static partial Regex Mark();
}

using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace SafeLoop.Analyzers.Tests.Support;

/// <summary>Compiles a source and runs its <c>Job.RunAsync</c>, which says what happened in which order.</summary>
internal static class Execution
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    public static async Task<string> TraceOfAsync(string source, params MetadataReference[] references)
    {
        var compilation = CSharpCompilation.Create("Run" + Guid.NewGuid().ToString("N"), [CSharpSyntaxTree.ParseText(source)],
            [.. Platform.References, .. references], new(OutputKind.DynamicallyLinkedLibrary));
        using var image = new MemoryStream();
        var built = compilation.Emit(image);
        Assert.True(built.Success, string.Join('\n', built.Diagnostics) + source);
        var run =
            Assembly.Load(image.ToArray()).GetType("Job")!.GetMethod("RunAsync", BindingFlags.Public | BindingFlags.Static)!;
        return await ((Task<string>)run.Invoke(null, null)!).WaitAsync(Limit);
    }
}

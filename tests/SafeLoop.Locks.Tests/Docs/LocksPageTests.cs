using System.Runtime.CompilerServices;
using SafeLoop.Tests.Readme;

namespace SafeLoop.Locks.Tests.Docs;

/// <summary>The pages about locks and about the store of shards show code that compiles.</summary>
public class LocksPageTests
{
    [Theory]
    [InlineData("Snippets.cs", "locks.md")]
    [InlineData("ShardStoreSnippets.cs", "shard-store.md")]
    public void Every_code_block_is_the_compiled_code_of_its_name(string source, string page)
    {
        var compiled = MarkedText.InSource(File.ReadAllText(Path.Combine(Here(), source)));
        var shown = MarkedText.InMarkdown(File.ReadAllText(Path.Combine(Here(), "../../../docs", page)));

        Assert.All(shown, block => Assert.Equal(compiled.GetValueOrDefault(block.Name, $"There is no snippet '{block.Name}'."),
            block.Code));
        Assert.Equal(compiled.Keys, shown.Select(block => block.Name));
    }

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}

using System.Runtime.CompilerServices;
using SafeLoop.Tests.Readme;

namespace SafeLoop.Locks.Tests.Docs;

/// <summary>The page about locks shows code that compiles.</summary>
public class LocksPageTests
{
    [Fact]
    public void Every_code_block_is_the_compiled_code_of_its_name()
    {
        var compiled = MarkedText.InSource(File.ReadAllText(Path.Combine(Here(), "Snippets.cs")));
        var shown = MarkedText.InMarkdown(File.ReadAllText(Path.Combine(Here(), "../../../docs/locks.md")));

        Assert.All(shown, block => Assert.Equal(compiled.GetValueOrDefault(block.Name, $"There is no snippet '{block.Name}'."),
            block.Code));
        Assert.Equal(compiled.Keys, shown.Select(block => block.Name));
    }

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}

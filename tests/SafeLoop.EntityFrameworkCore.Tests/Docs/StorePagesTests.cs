using System.Runtime.CompilerServices;
using SafeLoop.Tests.Readme;

namespace SafeLoop.EntityFrameworkCore.Tests.Docs;

/// <summary>The pages about the store show code that compiles, and link to files that are there.</summary>
public class StorePagesTests
{
    private static readonly string[] Pages = ["surviving-restarts.md", "operating-the-store.md"];

    [Fact]
    public void Every_code_block_is_the_compiled_code_of_its_name()
    {
        var compiled = MarkedText.InSource(File.ReadAllText(Path.Combine(Here(), "Snippets.cs")));
        var shown = Pages.SelectMany(page => MarkedText.InMarkdown(Read(page))).ToArray();

        Assert.All(shown, block => Assert.Equal(compiled.GetValueOrDefault(block.Name, $"There is no snippet '{block.Name}'."),
            block.Code));
        Assert.Equal(compiled.Keys, shown.Select(block => block.Name));
    }

    [Fact]
    public void Every_linked_file_exists() => Assert.All(
        Pages.SelectMany(page => MarkedText.FilesLinkedIn(Read(page))),
        link => Assert.True(File.Exists(Path.Combine(Docs, link)), $"A page links to {link}, which does not exist."));

    private static string Docs => Path.Combine(Here(), "../../../docs");

    private static string Read(string page) => File.ReadAllText(Path.Combine(Docs, page));

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}

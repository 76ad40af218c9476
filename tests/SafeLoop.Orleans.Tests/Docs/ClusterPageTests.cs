using System.Runtime.CompilerServices;
using SafeLoop.Tests.Readme;

namespace SafeLoop.Tests.Docs;

/// <summary>The page about clusters shows code that compiles, the defaults, and links to files that exist.</summary>
public class ClusterPageTests
{
    private static readonly string Page = Path.Combine(Here(), "../../../docs/cluster.md");

    [Fact]
    public void Every_code_block_is_the_compiled_code_of_its_name()
    {
        var compiled = MarkedText.InSource(File.ReadAllText(Path.Combine(Here(), "Snippets.cs")));
        var shown = MarkedText.InMarkdown(File.ReadAllText(Page));

        Assert.All(shown, block => Assert.Equal(compiled.GetValueOrDefault(block.Name, $"There is no snippet '{block.Name}'."),
            block.Code));
        Assert.Equal(compiled.Keys.Order(), shown.Select(block => block.Name).Order());
    }

    [Fact]
    public void Every_linked_file_exists() => Assert.All(
        MarkedText.FilesLinkedIn(File.ReadAllText(Page)),
        target => Assert.True(Path.Exists(Path.Combine(Path.GetDirectoryName(Page)!, target)), $"{target} does not exist."));

    [Fact]
    public void The_table_of_settings_lists_each_option_with_its_default()
    {
        var page = File.ReadAllText(Page);
        var defaults = new RecurringTaskClusterOptions();

        Assert.All(
            typeof(RecurringTaskClusterOptions).GetProperties(),
            option => Assert.Contains($"`{option.Name}`", page, StringComparison.Ordinal));
        Assert.Contains($"| `ShardCount` | {defaults.ShardCount:N0} |", page, StringComparison.Ordinal);
        Assert.Contains($"| `LeaseLength` | {defaults.LeaseLength.TotalSeconds:0} s |", page, StringComparison.Ordinal);
        Assert.Contains($"| `Settle` | {defaults.Settle.TotalSeconds:0} s |", page, StringComparison.Ordinal);
        Assert.Contains($"| `DrainFor` | {defaults.DrainFor.TotalSeconds:0} s |", page, StringComparison.Ordinal);
        Assert.Contains($"| `OpeningBudget` | {defaults.OpeningBudget} |", page, StringComparison.Ordinal);
        Assert.Contains(
            $"| {defaults.QuarantineAfter}, {defaults.QuarantineFor.TotalMinutes:0} min |", page, StringComparison.Ordinal);
    }

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}

using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SafeLoop.Tests.House;

/// <summary>docs/lock-order.md names every lock of the core, so that a new one is thought about before it deadlocks.</summary>
public class LockOrderTests
{
    [Fact]
    public void The_page_names_every_type_that_takes_a_lock_and_no_other()
    {
        var takers = from file in CoreSource.Files
                     from statement in file.GetRoot().DescendantNodes().OfType<LockStatementSyntax>()
                     select statement.Ancestors().OfType<TypeDeclarationSyntax>().Last().Identifier.Text;

        Assert.Equal(takers.Distinct().Order(StringComparer.Ordinal), Named().Order(StringComparer.Ordinal));
    }

    // The first column of the table: `Type`, or `Type`, `Type`.
    private static IEnumerable<string> Named() =>
        from line in File.ReadLines(Path.Combine(CoreSource.Root, "..", "..", "docs", "lock-order.md"))
        where line.StartsWith("| `", StringComparison.Ordinal)
        from name in line.Split('|')[1].Split(',')
        select name.Trim().Trim('`');
}

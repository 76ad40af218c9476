using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace SafeLoop.Analyzers;

/// <summary>The end of a line as the file has it: what a formatter does not touch must not mix two kinds.</summary>
internal static class LineEnd
{
    public static SyntaxTrivia Of(SyntaxNode node)
    {
        var found = node.SyntaxTree.GetRoot().DescendantTrivia().FirstOrDefault(trivia => trivia.IsKind(SyntaxKind.EndOfLineTrivia));
        return found.IsKind(SyntaxKind.EndOfLineTrivia) ? SyntaxFactory.EndOfLine(found.ToString()) : SyntaxFactory.LineFeed;
    }
}

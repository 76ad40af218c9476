using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;

namespace SafeLoop.Analyzers;

/// <summary>The end of a line as the file has it, whatever the machine's is: a file must not mix two kinds.</summary>
internal static class LineEnd
{
    public static SyntaxTrivia Of(SyntaxNode node)
    {
        var found = node.SyntaxTree.GetRoot().DescendantTrivia()
            .FirstOrDefault(trivia => trivia.IsKind(SyntaxKind.EndOfLineTrivia));
        return found.IsKind(SyntaxKind.EndOfLineTrivia) ? SyntaxFactory.EndOfLine(found.ToString()) : SyntaxFactory.LineFeed;
    }

    /// <summary>Lays out what a fix has written, before the editor does it in its own way.</summary>
    public static async Task<Document> LaidOutAsync(Document document, SyntaxTrivia lineEnd, CancellationToken cancellationToken)
    {
        document = await Simplifier.ReduceAsync(document, Simplifier.Annotation, cancellationToken: cancellationToken)
            .ConfigureAwait(false);
        var options = await document.GetOptionsAsync(cancellationToken).ConfigureAwait(false);
        return await Formatter.FormatAsync(document, Formatter.Annotation, options.WithChangedOption(FormattingOptions.NewLine,
            LanguageNames.CSharp, lineEnd.ToString()), cancellationToken).ConfigureAwait(false);
    }
}

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SafeLoop.Analyzers.Loops;

/// <summary>Rewrites functions of a document, one after the other: each plan is made from what the last one left.</summary>
internal static class LoopFix
{
    private static readonly SyntaxAnnotation Pending = new("SafeLoop.Pending");

    public static async Task<Document> ApplyAsync(Document document, IReadOnlyCollection<SyntaxNode> declarations, CancellationToken cancellationToken)
    {
        var root = await document.GetSyntaxRootAsync(cancellationToken).ConfigureAwait(false);
        if (root is null)
            return document;
        document = document.WithSyntaxRoot(root.ReplaceNodes(declarations, (_, inner) => inner.WithAdditionalAnnotations(Pending)));
        for (var left = declarations.Count; left > 0; left--)
            document = await ApplyNextAsync(document, cancellationToken).ConfigureAwait(false);
        return await LineEnd.LaidOutAsync(document, LineEnd.Of(root), cancellationToken).ConfigureAwait(false);
    }

    private static async Task<Document> ApplyNextAsync(Document document, CancellationToken cancellationToken)
    {
        var root = await document.GetSyntaxRootAsync(cancellationToken).ConfigureAwait(false);
        var model = await document.GetSemanticModelAsync(cancellationToken).ConfigureAwait(false);
        if (root?.GetAnnotatedNodes(Pending).LastOrDefault() is not { } declaration || model is null)
            return document;
        var rewritten = LoopPlan.Of(declaration, model, document.Project.AnalyzerOptions, cancellationToken) is { } plan ? LoopRewriter.Rewrite(plan) : declaration;
        document = document.WithSyntaxRoot(root.ReplaceNode(declaration, rewritten.WithoutAnnotations(Pending)));
        return await WithoutIdleEndingAsync(document, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A return that nothing reaches is one too many.</summary>
    private static async Task<Document> WithoutIdleEndingAsync(Document document, CancellationToken cancellationToken)
    {
        var root = await document.GetSyntaxRootAsync(cancellationToken).ConfigureAwait(false);
        var model = await document.GetSemanticModelAsync(cancellationToken).ConfigureAwait(false);
        if (root?.GetAnnotatedNodes(LoopRewriter.Ending).SingleOrDefault() is not StatementSyntax ending || model is null)
            return document;
        return document.WithSyntaxRoot(model.AnalyzeControlFlow(ending) is { Succeeded: true, StartPointIsReachable: false }
            ? root.RemoveNode(ending, SyntaxRemoveOptions.KeepNoTrivia)!
            : root.ReplaceNode(ending, ending.WithoutAnnotations(LoopRewriter.Ending)));
    }
}

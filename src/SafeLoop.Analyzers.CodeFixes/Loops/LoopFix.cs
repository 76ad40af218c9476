using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SafeLoop.Analyzers.Loops;

/// <summary>Rewrites functions of a document, one after the other: each plan is made from what the last one left.</summary>
internal static class LoopFix
{
    private static readonly SyntaxAnnotation Pending = new("SafeLoop.Pending");
    private static readonly SyntaxAnnotation Plain = new("SafeLoop.Plain");

    public static async Task<Document> ApplyAsync(
        Document document, IReadOnlyCollection<SyntaxNode> declarations, CancellationToken cancellationToken)
    {
        var root = await document.GetSyntaxRootAsync(cancellationToken).ConfigureAwait(false);
        if (root is null)
            return document;
        document =
            document.WithSyntaxRoot(root.ReplaceNodes(declarations, (_, inner) => inner.WithAdditionalAnnotations(Pending)));
        for (var left = declarations.Count; left > 0; left--)
            document = await ApplyNextAsync(document, cancellationToken).ConfigureAwait(false);
        return await LineEnd.LaidOutAsync(document, LineEnd.Of(root), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What can be done about a function: as it is, or written in a plainer way first.</summary>
    public static async Task<LoopPlan?> PlanAsync(Document document, SyntaxNode declaration, CancellationToken cancellationToken)
    {
        var root = await document.GetSyntaxRootAsync(cancellationToken).ConfigureAwait(false);
        var model = await document.GetSemanticModelAsync(cancellationToken).ConfigureAwait(false);
        if (root is null || model is null)
            return null;
        return LoopPlan.Of(declaration, model, document.Project.AnalyzerOptions, cancellationToken)
            ?? (await PlainerAsync(document, root, declaration, cancellationToken).ConfigureAwait(false))?.Plan;
    }

    private static async Task<(Document Document, LoopPlan Plan)?> PlainerAsync(Document document, SyntaxNode root,
        SyntaxNode declaration, CancellationToken cancellationToken)
    {
        var name = declaration switch
        {
            MethodDeclarationSyntax method => method.Identifier.ValueText,
            LocalFunctionStatementSyntax local => local.Identifier.ValueText,
            _ => "",
        };
        if ((Plainer.Rewrite(declaration, name) ?? Continuation.Rewrite(declaration, name)) is not { } rewritten)
            return null;
        document = document.WithSyntaxRoot(root.ReplaceNode(declaration, rewritten.WithAdditionalAnnotations(Plain)));
        var changed = await document.GetSyntaxRootAsync(cancellationToken).ConfigureAwait(false);
        var model = await document.GetSemanticModelAsync(cancellationToken).ConfigureAwait(false);
        return changed?.GetAnnotatedNodes(Plain).SingleOrDefault() is { } plainer && model is not null
            && LoopPlan.Of(plainer, model, document.Project.AnalyzerOptions, cancellationToken) is { } plan ? (document, plan)
            : null;
    }

    private static async Task<Document> ApplyNextAsync(Document document, CancellationToken cancellationToken)
    {
        var root = await document.GetSyntaxRootAsync(cancellationToken).ConfigureAwait(false);
        var model = await document.GetSemanticModelAsync(cancellationToken).ConfigureAwait(false);
        if (root?.GetAnnotatedNodes(Pending).LastOrDefault() is not { } declaration || model is null)
            return document;
        if (LoopPlan.Of(declaration, model, document.Project.AnalyzerOptions, cancellationToken) is { } plan)
            document = document.WithSyntaxRoot(root.ReplaceNode(declaration, LoopRewriter.Rewrite(plan)
                .WithoutAnnotations(Pending)));
        else if (await PlainerAsync(document, root, declaration, cancellationToken).ConfigureAwait(false) is var (plainer, found))
            document = plainer.WithSyntaxRoot(found.Declaration.SyntaxTree.GetRoot(cancellationToken)
                .ReplaceNode(found.Declaration, LoopRewriter.Rewrite(found).WithoutAnnotations(Pending, Plain)));
        else
            document = document.WithSyntaxRoot(root.ReplaceNode(declaration, declaration.WithoutAnnotations(Pending)));
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

using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using SafeLoop.Analyzers.Loops;

namespace SafeLoop.Analyzers;

/// <summary>SLP001 and SLP004: puts the body into a loop. The title says what else changes.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
internal sealed class LoopCodeFixProvider : CodeFixProvider
{
    public override ImmutableArray<string> FixableDiagnosticIds { get; } =
        ImmutableArray.Create(Rules.AwaitsItself.Id, Rules.RetriesItself.Id);

    public override FixAllProvider GetFixAllProvider() => FixAllProvider.Create(FixAllAsync);

    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (var diagnostic in context.Diagnostics)
        {
            var declaration = await FindAsync(context.Document, diagnostic, context.CancellationToken).ConfigureAwait(false);
            var model = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
            if (declaration is null || model is null || await LoopFix.PlanAsync(context.Document, declaration,
                context.CancellationToken).ConfigureAwait(false) is not { } plan)
                continue;
            context.RegisterCodeFix(
                CodeAction.Create(plan.Title, cancellationToken => LoopFix.ApplyAsync(context.Document, [declaration],
                    cancellationToken), nameof(LoopCodeFixProvider)),
                diagnostic);
        }
    }

    private static async Task<Document?> FixAllAsync(
        FixAllContext context, Document document, ImmutableArray<Diagnostic> diagnostics)
    {
        var declarations = new HashSet<SyntaxNode>();
        foreach (var diagnostic in diagnostics)
        {
            if (await FindAsync(document, diagnostic, context.CancellationToken).ConfigureAwait(false) is { } declaration)
                declarations.Add(declaration);
        }

        return await LoopFix.ApplyAsync(document, declarations, context.CancellationToken).ConfigureAwait(false);
    }

    private static async Task<SyntaxNode?> FindAsync(
        Document document, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        var root = await document.GetSyntaxRootAsync(cancellationToken).ConfigureAwait(false);
        var model = await document.GetSemanticModelAsync(cancellationToken).ConfigureAwait(false);
        var call = root?.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true);
        return call is null || model is null ? null : FunctionSyntax.Around(call, model, cancellationToken);
    }
}

using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using SafeLoop.Analyzers.Loops;

namespace SafeLoop.Analyzers;

/// <summary>
/// SLP003: splits a method that starts itself again into one that starts and one that loops. A loop in place would make the
/// caller wait for all iterations instead of the first.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
internal sealed class StartAndLoopCodeFixProvider : CodeFixProvider
{
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(Rules.StartsItself.Id);

    public override FixAllProvider GetFixAllProvider() => FixAllProvider.Create(FixAllAsync);

    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        var model = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        if (root is null || model is null)
            return;
        foreach (var diagnostic in context.Diagnostics)
        {
            var call = root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true);
            if (FunctionSyntax.Around(call, model, context.CancellationToken) is not { } declaration
                || StartAndLoop.Of(declaration, call, model, context.CancellationToken) is not { } split)
                continue;
            context.RegisterCodeFix(
                CodeAction.Create(split.Title, cancellationToken => LineEnd.LaidOutAsync(context.Document.WithSyntaxRoot(
                    split.Apply(root)), LineEnd.Of(root), cancellationToken), nameof(StartAndLoopCodeFixProvider)),
                diagnostic);
        }
    }

    /// <summary>One after the other: each split is made from what the last one left.</summary>
    private static async Task<Document?> FixAllAsync(FixAllContext context, Document document,
        ImmutableArray<Diagnostic> diagnostics)
    {
        var cancellationToken = context.CancellationToken;
        var root = await document.GetSyntaxRootAsync(cancellationToken).ConfigureAwait(false);
        if (root is null)
            return document;
        var calls = diagnostics.Select(diagnostic => root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true))
            .Distinct().ToList();
        var changed = document.WithSyntaxRoot(PendingCalls.Mark(root, calls));
        while (await PendingCalls.NextAsync(changed, cancellationToken).ConfigureAwait(false) is var (at, call, model))
        {
            var split = FunctionSyntax.Around(call, model, cancellationToken) is { } declaration ? StartAndLoop
                .Of(declaration, call, model, cancellationToken) : null;
            changed = changed.WithSyntaxRoot(split?.Apply(at) ?? PendingCalls.Unmark(at, call));
        }

        return await LineEnd.LaidOutAsync(changed, LineEnd.Of(root), cancellationToken).ConfigureAwait(false);
    }
}

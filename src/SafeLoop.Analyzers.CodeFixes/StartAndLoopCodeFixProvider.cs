using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using SafeLoop.Analyzers.Loops;

namespace SafeLoop.Analyzers;

/// <summary>
/// SLP003: splits a method that starts itself again into one that starts and one that loops. A loop in place would make the caller
/// wait for all iterations instead of the first.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
internal sealed class StartAndLoopCodeFixProvider : CodeFixProvider
{
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(Rules.StartsItself.Id);

    /// <summary>None: what callers wait for changes, and that wants a look each time.</summary>
    public override FixAllProvider? GetFixAllProvider() => null;

    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        var model = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        if (root is null || model is null)
            return;
        foreach (var diagnostic in context.Diagnostics)
        {
            var call = root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true);
            if (FunctionSyntax.Around(call, model, context.CancellationToken) is not { } declaration || StartAndLoop.Of(declaration, call, model, context.CancellationToken) is not { } split)
                continue;
            context.RegisterCodeFix(
                CodeAction.Create(split.Title, cancellationToken => LineEnd.LaidOutAsync(context.Document.WithSyntaxRoot(split.Apply(root)), LineEnd.Of(root), cancellationToken), nameof(StartAndLoopCodeFixProvider)),
                diagnostic);
        }
    }
}

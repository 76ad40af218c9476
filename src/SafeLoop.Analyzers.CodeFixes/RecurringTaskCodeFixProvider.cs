using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using SafeLoop.Analyzers.Loops;
using SafeLoop.Analyzers.RecurringTasks;

namespace SafeLoop.Analyzers;

/// <summary>SLP001 and SLP003: makes the class a recurring task and registers it, where the project refers to SafeLoop.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
internal sealed class RecurringTaskCodeFixProvider : CodeFixProvider
{
    public override ImmutableArray<string> FixableDiagnosticIds { get; } =
        ImmutableArray.Create(Rules.AwaitsItself.Id, Rules.StartsItself.Id);

    public override FixAllProvider GetFixAllProvider() => ConversionOfAll.Instance;

    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        var model = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        if (root is null || model is null || model.Compilation.GetTypeByMetadataName("SafeLoop.IRecurringTask") is null)
            return;
        foreach (var diagnostic in context.Diagnostics)
        {
            var call = root.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true);
            if (FunctionSyntax.Around(call, model, context.CancellationToken) is not { } declaration
                || ConversionPlan.Of(declaration, call, model, context.CancellationToken) is not { } plan)
                continue;
            context.RegisterCodeFix(
                CodeAction.Create(plan.Title, cancellationToken => Conversion.ApplyAsync(context.Document, root, plan,
                    cancellationToken), nameof(RecurringTaskCodeFixProvider)),
                diagnostic);
        }
    }
}

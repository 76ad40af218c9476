using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using SafeLoop.Analyzers.Loops;

namespace SafeLoop.Analyzers.RecurringTasks;

/// <summary>Makes each class a recurring task, one after the other: all are registered in the same place.</summary>
internal sealed class ConversionOfAll : FixAllProvider
{
    public static ConversionOfAll Instance { get; } = new();

    public override IEnumerable<FixAllScope> GetSupportedFixAllScopes() =>
        [FixAllScope.Document, FixAllScope.Project, FixAllScope.Solution];

    public override Task<CodeAction?> GetFixAsync(FixAllContext context) =>
        Task.FromResult<CodeAction?>(CodeAction.Create("Make recurring tasks of them", cancellationToken =>
            ApplyAsync(context, cancellationToken), nameof(ConversionOfAll)));

    private static async Task<Solution> ApplyAsync(FixAllContext context, CancellationToken cancellationToken)
    {
        var solution = context.Solution;
        foreach (var document in DocumentsOf(context))
        {
            var diagnostics = await context.GetDocumentDiagnosticsAsync(document).ConfigureAwait(false);
            var root = await document.GetSyntaxRootAsync(cancellationToken).ConfigureAwait(false);
            if (diagnostics.IsEmpty || root is null)
                continue;
            // A conversion before this one may have changed the file: its registration stands in it.
            var current = await solution.GetDocument(document.Id)!.GetSyntaxRootAsync(cancellationToken).ConfigureAwait(false);
            if (current is null || (current != root && !current.IsEquivalentTo(root)))
                continue;
            var marked = PendingCalls.Mark(current, diagnostics
                .Select(diagnostic => current.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true)).Distinct());
            solution = await ApplyAsync(solution.WithDocumentSyntaxRoot(document.Id, marked), document.Id, cancellationToken)
                .ConfigureAwait(false);
        }

        return solution;
    }

    private static async Task<Solution> ApplyAsync(Solution solution, DocumentId id, CancellationToken cancellationToken)
    {
        while (await PendingCalls.NextAsync(solution.GetDocument(id)!, cancellationToken)
            .ConfigureAwait(false) is var (root, call, model))
        {
            var isKnown = model.Compilation.GetTypeByMetadataName("SafeLoop.IRecurringTask") is not null;
            var plan = isKnown && FunctionSyntax.Around(call, model, cancellationToken) is { } declaration ? ConversionPlan
                .Of(declaration, call, model, cancellationToken) : null;
            solution = plan is null
                ? solution.WithDocumentSyntaxRoot(id, PendingCalls.Unmark(root, call))
                : await Conversion.ApplyAsync(solution.GetDocument(id)!, root, plan, cancellationToken).ConfigureAwait(false);
        }

        return solution;
    }

    private static IEnumerable<Document> DocumentsOf(FixAllContext context) => context.Scope switch
    {
        FixAllScope.Document when context.Document is { } document => [document],
        FixAllScope.Project => context.Project.Documents,
        _ => context.Solution.Projects.Where(project => project.Language == LanguageNames.CSharp)
            .SelectMany(project => project.Documents),
    };
}

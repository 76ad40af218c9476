using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace SafeLoop.Analyzers.RecurringTasks;

/// <summary>Where an application makes its host: <c>var builder = Host.CreateApplicationBuilder(…);</c>.</summary>
internal sealed class CompositionRoot(DocumentId document, string builder)
{
    private const string Extensions = "Microsoft.Extensions.DependencyInjection";

    /// <summary>Null if there is none, several, or none that can name the type.</summary>
    public static async Task<CompositionRoot?> FindAsync(
        Solution solution, INamedTypeSymbol type, CancellationToken cancellationToken)
    {
        if (type.ContainingType is not null)
            return null;
        var found = new List<CompositionRoot>();
        foreach (var document in solution.Projects.Where(project => project.AssemblyName == type.ContainingAssembly.Name)
            .SelectMany(project => project.Documents))
        {
            if (await document.GetSyntaxRootAsync(cancellationToken).ConfigureAwait(false) is { } root)
                found.AddRange(root.DescendantNodes().OfType<LocalDeclarationStatementSyntax>().Where(IsBuilder)
                    .Select(made => new CompositionRoot(document.Id, made.Declaration.Variables[0].Identifier.Text)));
        }

        return found.Count == 1 ? found[0] : null;
    }

    public async Task<Solution> RegisterAsync(Solution solution, string registration, CancellationToken cancellationToken)
    {
        var root = (CompilationUnitSyntax)(await solution.GetDocument(document)!.GetSyntaxRootAsync(cancellationToken)
            .ConfigureAwait(false))!;
        var lineEnd = LineEnd.Of(root);
        var made = root.DescendantNodes().OfType<LocalDeclarationStatementSyntax>().Single(IsBuilder);
        var line = ParseStatement($"{builder}.Services.{registration};").WithTrailingTrivia(lineEnd)
            .WithAdditionalAnnotations(Formatter.Annotation, Simplifier.Annotation);
        root = made.Parent is GlobalStatementSyntax global
            ? root.InsertNodesAfter(global, [GlobalStatement(line)])
            : root.InsertNodesAfter(made, [line]);
        if (root.DescendantNodes().OfType<UsingDirectiveSyntax>().All(directive => directive.Name?.ToString() != Extensions))
            root = root.AddUsings(UsingDirective(ParseName(Extensions)).WithAdditionalAnnotations(Formatter.Annotation));
        var changed = solution.WithDocumentSyntaxRoot(document, root).GetDocument(document)!;
        return (await LineEnd.LaidOutAsync(changed, lineEnd, cancellationToken).ConfigureAwait(false)).Project.Solution;
    }

    private static bool IsBuilder(LocalDeclarationStatementSyntax statement) =>
        statement.Declaration.Variables is { Count: 1 } variables
        && variables[0].Initializer?.Value is InvocationExpressionSyntax
        {
            Expression: MemberAccessExpressionSyntax
            {
                Name.Identifier.Text: "CreateApplicationBuilder" or "CreateEmptyApplicationBuilder"
                    or "CreateBuilder" or "CreateSlimBuilder",
                Expression: IdentifierNameSyntax { Identifier.Text: var host },
            } member,
        }
        && (host == "WebApplication" || (host == "Host" && member.Name.Identifier.Text != "CreateBuilder"));
}

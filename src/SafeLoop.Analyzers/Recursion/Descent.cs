using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace SafeLoop.Analyzers.Recursion;

/// <summary>
/// A recursive descent: the method calls others of its type that lead back to it. Its call of itself is one more of these, and no
/// retry. Asked only of the few methods that would be reported as one.
/// </summary>
internal static class Descent
{
    private const int Deepest = 4;

    public static bool Has(Function function) =>
        function.Name is IMethodSymbol { MethodKind: MethodKind.Ordinary } method
        && LeadTo(method, CalledIn(function.Body, method), Deepest);

    private static IEnumerable<IMethodSymbol> CalledIn(IOperation body, IMethodSymbol method) =>
        body.Descendants().OfType<IInvocationOperation>().Select(call => call.TargetMethod.OriginalDefinition)
            .Where(called => SymbolEqualityComparer.Default.Equals(called.ContainingType, method.ContainingType)
                && called.Name != method.Name);

    private static bool LeadTo(IMethodSymbol method, IEnumerable<IMethodSymbol> called, int depth)
    {
        var open = new HashSet<string>(called.Select(one => one.Name));
        var seen = new HashSet<string>(open);
        for (; depth > 0 && open.Count > 0; depth--)
        {
            var names = new HashSet<string>(open.SelectMany(name => method.ContainingType.GetMembers(name))
                .SelectMany(member => member.DeclaringSyntaxReferences)
                .SelectMany(declaration => declaration.GetSyntax().DescendantNodes().OfType<InvocationExpressionSyntax>())
                .Select(NameOf));
            if (names.Contains(method.Name))
                return true;
            open = new(names.Where(seen.Add));
        }

        return false;
    }

    private static string NameOf(InvocationExpressionSyntax call) => call.Expression switch
    {
        SimpleNameSyntax name => name.Identifier.Text,
        MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax, Name: var name } => name.Identifier.Text,
        _ => "",
    };
}

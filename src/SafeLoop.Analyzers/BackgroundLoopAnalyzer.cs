using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SafeLoop.Analyzers.BackgroundLoops;

namespace SafeLoop.Analyzers;

/// <summary>
/// SLP005: a loop in <c>BackgroundService.ExecuteAsync</c> that the first exception ends, a wait in it that does not hear the host stop,
/// and an async callback of a timer that throws at nobody.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class BackgroundLoopAnalyzer : DiagnosticAnalyzer
{
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(Rules.LoopCanDieOrHang);

    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(start =>
        {
            if (start.Compilation.GetTypeByMetadataName("Microsoft.Extensions.Hosting.BackgroundService") is { } service)
                start.RegisterOperationBlockAction(block => AnalyzeExecute(block, service));
            if (start.Compilation.GetTypeByMetadataName("System.Threading.Timer") is { } timer)
                start.RegisterOperationAction(creation => AnalyzeTimer(creation, timer), OperationKind.ObjectCreation);
        });
    }

    private static void AnalyzeExecute(OperationBlockAnalysisContext context, INamedTypeSymbol service)
    {
        if (context.OwningSymbol is not IMethodSymbol { Name: "ExecuteAsync", IsOverride: true, Parameters: { Length: 1 } parameters } || !Derives(context.OwningSymbol.ContainingType, service))
            return;
        foreach (var loop in context.OperationBlocks.SelectMany(Loops.OutermostIn))
        {
            if (Loops.CanDie(loop))
                Report(loop.Syntax.GetFirstToken().GetLocation(), $"The first exception in an iteration ends the loop of '{context.OwningSymbol.ContainingType.Name}', and by default the host. Catch it inside the loop, or use a recurring task.");
            foreach (var wait in Waits.WithoutTokenIn(loop))
                Report(wait.Syntax.GetLocation(), $"This wait does not hear the host stop, which then waits for it. Pass '{parameters[0].Name}', or use a recurring task.");
        }

        void Report(Location place, string message) => context.ReportDiagnostic(Diagnostic.Create(Rules.LoopCanDieOrHang, place, message));
    }

    private static void AnalyzeTimer(OperationAnalysisContext context, INamedTypeSymbol timer)
    {
        var creation = (IObjectCreationOperation)context.Operation;
        if (!SymbolEqualityComparer.Default.Equals(creation.Type, timer) || creation.Arguments.IsEmpty)
            return;
        if (creation.Arguments[0].Value is IDelegateCreationOperation { Target: IAnonymousFunctionOperation { Symbol.IsAsync: true } callback } && Handling.LetsThroughAny(callback.Body))
            context.ReportDiagnostic(Diagnostic.Create(Rules.LoopCanDieOrHang, callback.Syntax.GetLocation(), "An exception in this async callback of a timer ends the process, and callbacks can overlap. Catch it inside, or use a recurring task."));
    }

    private static bool Derives(INamedTypeSymbol? type, INamedTypeSymbol from)
    {
        for (; type is not null; type = type.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(type, from))
                return true;
        }

        return false;
    }
}

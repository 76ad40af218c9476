using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SafeLoop.Analyzers.BackgroundLoops;

namespace SafeLoop.Analyzers;

/// <summary>
/// SLP005: a loop in <c>BackgroundService.ExecuteAsync</c> that the first exception ends, a wait in it that does not
/// observe the host stop, and an async timer callback whose exceptions are not handled.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class BackgroundLoopAnalyzer : DiagnosticAnalyzer
{
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        ImmutableArray.Create(Rules.LoopCanDieOrHang);

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
            if (start.Compilation.GetTypeByMetadataName("System.Timers.Timer") is { } clock)
                start.RegisterOperationAction(added => AnalyzeElapsed(added, clock), OperationKind.EventAssignment);
        });
    }

    private static void AnalyzeExecute(OperationBlockAnalysisContext context, INamedTypeSymbol service)
    {
        if (context.OwningSymbol is not IMethodSymbol method || !Derives(method.ContainingType, service)
            || !(Execution.IsIn(method) || Execution.Calls(method)))
            return;
        var token = method.Parameters.FirstOrDefault(parameter => parameter.Type.Name == "CancellationToken")?.Name
            ?? "the stopping token";
        foreach (var loop in context.OperationBlocks.SelectMany(Execution.LoopsIn))
        {
            if (Loops.CanDie(loop))
                Report(loop.Syntax.GetFirstToken().GetLocation(),
                    $"The first exception in an iteration ends the loop of '{method.ContainingType.Name}', "
                    + "and by default the host. Catch it inside the loop, or use a recurring task.");
            else if (Loops.EndsSilently(loop))
                Report(loop.Syntax.GetFirstToken().GetLocation(),
                    $"The first exception in an iteration ends the loop of '{method.ContainingType.Name}', "
                    + "and the host goes on without it. Catch it inside the loop, or use a recurring task.");
            foreach (var wait in Waits.WithoutTokenIn(loop))
                Report(wait.Syntax.GetLocation(),
                    $"This wait does not hear the host stop, which then waits for it. Pass '{token}', or use a recurring task.");
        }

        void Report(Location place, string message) =>
            context.ReportDiagnostic(Diagnostic.Create(Rules.LoopCanDieOrHang, place, message));
    }

    private static void AnalyzeTimer(OperationAnalysisContext context, INamedTypeSymbol timer)
    {
        var creation = (IObjectCreationOperation)context.Operation;
        if (!SymbolEqualityComparer.Default.Equals(creation.Type, timer) || creation.Arguments.IsEmpty)
            return;
        if (creation.Arguments[0].Value
            is IDelegateCreationOperation { Target: IAnonymousFunctionOperation { Symbol.IsAsync: true } callback }
            && Handling.LetsThroughAny(callback.Body))
            context.ReportDiagnostic(Diagnostic.Create(Rules.LoopCanDieOrHang, callback.Syntax.GetLocation(),
                "An exception in this async callback of a timer ends the process, and callbacks can overlap. "
                + "Catch it inside, or use a recurring task."));
    }

    /// <summary><c>timer.Elapsed += async …</c> is an async void handler, which <c>System.Timers.Timer</c> does not
    /// wait for.</summary>
    private static void AnalyzeElapsed(OperationAnalysisContext context, INamedTypeSymbol timer)
    {
        var added = (IEventAssignmentOperation)context.Operation;
        if (!added.Adds || added.EventReference is not IEventReferenceOperation { Event: { Name: "Elapsed" } source }
            || !SymbolEqualityComparer.Default.Equals(source.ContainingType, timer))
            return;
        var handler = added.HandlerValue is IDelegateCreationOperation { Target: var target } ? target : added.HandlerValue;
        var letsThrough = handler switch
        {
            IAnonymousFunctionOperation { Symbol.IsAsync: true } lambda => Handling.LetsThroughAny(lambda.Body),
            IMethodReferenceOperation { Method: { IsAsync: true, ReturnsVoid: true } method } =>
                !Handling.CatchesEverything(method),
            _ => false,
        };
        if (letsThrough)
            context.ReportDiagnostic(Diagnostic.Create(Rules.LoopCanDieOrHang, handler.Syntax.GetLocation(),
                "An exception in this async handler of a timer ends the process, and runs can overlap. "
                + "Catch it inside, or use a recurring task."));
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

using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using SafeLoop.Analyzers.Circles;
using SafeLoop.Analyzers.Recursion;

namespace SafeLoop.Analyzers;

/// <summary>
/// SLP001, SLP003 and SLP004: a function that repeats itself by calling itself. Find a call of a function inside itself, follow
/// its result to where it ends, and judge whether that is a repetition or a walk through data.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class SelfReschedulingAnalyzer : DiagnosticAnalyzer
{
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        ImmutableArray.Create(Rules.AwaitsItself, Rules.StartsItself, Rules.RetriesItself);

    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterOperationAction(Analyze, OperationKind.Invocation, OperationKind.MethodReference);
    }

    private static void Analyze(OperationAnalysisContext context)
    {
        if (Function.CallingItself(context.Operation, context.ContainingSymbol) is not { } function)
        {
            AnalyzePosted(context);
            return;
        }

        var settings = AnalyzerSettings.Of(context.Options, context.Operation.Syntax.SyntaxTree);
        var result = Result.Of(context.Operation, function, settings);
        var verdict = new Judge(function, context.Operation, result, settings).Decide();
        if (Describe(verdict, function, result, context.Operation) is { } found)
            context.ReportDiagnostic(found);
    }

    /// <summary>Not itself, but the method that called it.</summary>
    private static void AnalyzePosted(OperationAnalysisContext context)
    {
        if (PostedCircle.BackFrom(context.Operation, context.ContainingSymbol) is { } back
            && back.Close(context.Operation, context.ContainingSymbol, AnalyzerSettings
                .Of(context.Options, context.Operation.Syntax.SyntaxTree)) is { } posted)
            context.ReportDiagnostic(Diagnostic.Create(Rules.StartsItself, context.Operation.Syntax.GetLocation(),
                back.Target.Name, Harm.Of(isVoid: false, posted)));
    }

    private static Diagnostic? Describe(Verdict verdict, Function function, Result result, IOperation call)
    {
        var place = call.Syntax.GetLocation();
        var name = function.Name.Name;
        return verdict switch
        {
            Verdict.Repeats => Diagnostic.Create(Rules.AwaitsItself, place, name),
            Verdict.Restarts => Diagnostic.Create(Rules.StartsItself, place, name, Harm.Of(function.Method.ReturnsVoid, result)),
            Verdict.Retries => Diagnostic.Create(Rules.RetriesItself, place, name, " without a limit"),
            Verdict.RetriesWithinLimit => Diagnostic.Create(Rules.RetriesItself, place, name, ""),
            _ => null,
        };
    }
}

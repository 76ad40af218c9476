using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SafeLoop.Analyzers.Circles;

namespace SafeLoop.Analyzers;

/// <summary>
/// SLP002: methods of a type that repeat themselves by calling each other. Note who awaits whom while the type is compiled, look
/// for circles at its end, and judge only those.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class MutualReschedulingAnalyzer : DiagnosticAnalyzer
{
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        ImmutableArray.Create(Rules.AwaitEachOther);

    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterSymbolStartAction(Start, SymbolKind.NamedType);
    }

    private static void Start(SymbolStartAnalysisContext context)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (type.TypeKind is not (TypeKind.Class or TypeKind.Struct))
            return;
        var calls = new CallGraph(type);
        context.RegisterOperationAction(operation => Note(calls, operation), OperationKind.Invocation,
            OperationKind.EventAssignment);
        context.RegisterSymbolEndAction(end => Report(calls, end));
    }

    private static void Note(CallGraph calls, OperationAnalysisContext context)
    {
        calls.Note(context.Operation, context.ContainingSymbol);
        if (context.Operation is IInvocationOperation call && InheritedCircle.BackFrom(call, context.ContainingSymbol) is { } back
            && AnalyzerSettings.Of(context.Options, call.Syntax.SyntaxTree) is { Mutual: not MutualRecursion.Off } settings
                && InheritedCircle.Repeats(call, context.ContainingSymbol, back, settings))
            context.ReportDiagnostic(Diagnostic.Create(Rules.AwaitEachOther, call.Syntax.GetLocation(),
                $"'{context.ContainingSymbol.Name}' and '{call.TargetMethod.Name}'"));
    }

    private static void Report(CallGraph calls, SymbolAnalysisContext context)
    {
        var reported = new HashSet<string>(StringComparer.Ordinal);
        foreach (var circle in calls.Circles(call => CircleJudge.CanRepeat(call, SettingsOf(call))))
        {
            var settings = SettingsOf(circle.Closing);
            if (settings.Mutual == MutualRecursion.Off || (settings.Mutual == MutualRecursion.Pairs && circle.Calls.Count > 2))
                continue;
            if (CircleJudge.Repeats(circle, settings) && reported.Add(circle.Names))
                context.ReportDiagnostic(Diagnostic.Create(Rules.AwaitEachOther, circle.Closing.Operation.Syntax.GetLocation(),
                    circle.OtherPlaces, circle.Names));
        }

        AnalyzerSettings SettingsOf(Call call) => AnalyzerSettings.Of(context.Options, call.Operation.Syntax.SyntaxTree);
    }
}

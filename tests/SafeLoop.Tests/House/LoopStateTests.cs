using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SafeLoop.Tests.House;

/// <summary>The state of a loop is one value. Few types write it, or it could not be stored, shown and moved.</summary>
public class LoopStateTests
{
    private static readonly Dictionary<string, string> Writers = new()
    {
        ["ClockSetBack"] = "adapts it to a clock that was set back",
        ["Forecast"] = "continues a copy",
        ["KeyMemory"] = "marks the pause of a loop in a runner",
        ["LoopLog"] = "records outcomes",
        ["LoopRows"] = "resets failures and marks the pause of a parked loop",
        ["LoopSchedule"] = "marks the plan of the running loop as out of date",
        ["LoopState"] = "is the state",
        ["OptionsProblems"] = "makes one to look for a first slot",
        ["ParkedPlanner"] = "plans a copy of a parked loop's",
        ["Planner"] = "plans",
        ["ShardArrivals"] = "begins loops at the watermark of their shard",
        ["ShardMemory"] = "reads what another host hands over",
        ["StoredStates"] = "restores it from a store",
    };

    [Fact]
    public void Only_these_types_write_it()
    {
        var writers = from file in CoreSource.Files
                      let model = CoreSource.ModelOf(file)
                      from target in file.GetRoot().DescendantNodes().SelectMany(Targets)
                      where model.GetSymbolInfo(target).Symbol is IFieldSymbol or IPropertySymbol
                      where model.GetSymbolInfo(target).Symbol!.ContainingType?.Name == nameof(LoopState)
                      select target.Ancestors().OfType<TypeDeclarationSyntax>().Last().Identifier.Text;

        Assert.Equal(Writers.Keys.Order(StringComparer.Ordinal), writers.Distinct().Order(StringComparer.Ordinal));
    }

    private static IEnumerable<ExpressionSyntax> Targets(SyntaxNode node) => node switch
    {
        AssignmentExpressionSyntax { Left: TupleExpressionSyntax tuple } =>
            tuple.Arguments.Select(argument => argument.Expression),
        AssignmentExpressionSyntax assignment => [assignment.Left],
        PostfixUnaryExpressionSyntax unary => [unary.Operand],
        ArgumentSyntax { RefOrOutKeyword.RawKind: not 0 } argument => [argument.Expression],
        _ => [],
    };
}

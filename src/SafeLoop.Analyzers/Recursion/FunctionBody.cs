using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SafeLoop.Analyzers.Recursion;

/// <summary>What a function tests, writes, counts and waits for. Collected in one walk, and only once a call to itself was found.</summary>
internal sealed class FunctionBody
{
    private readonly HashSet<ISymbol> _tested = new(SymbolEqualityComparer.Default);
    private readonly HashSet<ISymbol> _read = new(SymbolEqualityComparer.Default);
    private readonly HashSet<ISymbol> _assigned = new(SymbolEqualityComparer.Default);
    private readonly HashSet<ISymbol> _stepped = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ISymbol, HashSet<ISymbol>> _sources = new(SymbolEqualityComparer.Default);
    private readonly List<IOperation> _exits = [];
    private readonly AnalyzerSettings _settings;

    private FunctionBody(AnalyzerSettings settings) => _settings = settings;

    /// <summary>Waits: <c>Task.Delay</c>, <c>Thread.Sleep</c>, a timer, and what is named like them.</summary>
    public bool HasDelay { get; private set; }

    /// <summary>Conditions whose branch leaves the function.</summary>
    public IReadOnlyList<IOperation> Exits => _exits;

    /// <summary>Members it counts up or down.</summary>
    public IEnumerable<ISymbol> Counted => _stepped.Where(symbol => symbol is IFieldSymbol or IPropertySymbol);

    /// <param name="body">The body.</param>
    /// <param name="call">The call to itself: lambdas around it belong to the body, all others do not.</param>
    /// <param name="settings">What else counts as a delay.</param>
    public static FunctionBody Of(IOperation body, IOperation? call, AnalyzerSettings settings)
    {
        var found = new FunctionBody(settings);
        var around = new HashSet<IOperation>();
        for (var place = call; place is not null && place != body; place = place.Parent)
            around.Add(place);
        found.Visit(body, around);
        found.Follow(found._tested);
        return found;
    }

    /// <summary>Whether a condition depends on the symbol, be it by way of locals.</summary>
    public bool Tests(ISymbol symbol) => _tested.Contains(symbol);

    public bool Reads(ISymbol symbol) => _read.Contains(symbol);

    public bool Assigns(ISymbol symbol) => _assigned.Contains(symbol);

    /// <summary>Only ever counts it up or down.</summary>
    public bool Steps(ISymbol symbol) => _stepped.Contains(symbol);

    /// <summary>Whether the symbol, or what it was made from, is tested.</summary>
    public bool TestsOriginOf(ISymbol symbol) => Tests(symbol) || (_sources.TryGetValue(symbol, out var sources) && sources.Any(source => IsVariable(source) && Tests(source)));

    /// <summary>What an expression is made from, be it by way of locals.</summary>
    public IEnumerable<ISymbol> OriginsOf(IOperation expression)
    {
        var origins = new HashSet<ISymbol>(Symbols.In(expression), SymbolEqualityComparer.Default);
        Follow(origins);
        return origins;
    }

    private void Visit(IOperation operation, HashSet<IOperation> around)
    {
        if (operation.Parent is not null && operation is ILocalFunctionOperation or IAnonymousFunctionOperation && !around.Contains(operation))
        {
            NoteSetMembers(operation);
            return;
        }

        Note(operation);
        foreach (var child in operation.ChildOperations)
            Visit(child, around);
    }

    /// <summary>A handler or helper inside the function may set a counter back, whenever it runs.</summary>
    private void NoteSetMembers(IOperation nested)
    {
        foreach (var assignment in nested.Descendants().OfType<ISimpleAssignmentOperation>())
        {
            if (Symbols.Of(assignment.Target) is { } member && !IsVariable(member))
                _assigned.Add(member);
        }
    }

    private void Note(IOperation operation)
    {
        switch (operation)
        {
            case IConditionalOperation choice:
                Test(choice.Condition);
                if (LeavesFunction(choice.WhenTrue) || LeavesFunction(choice.WhenFalse))
                    _exits.Add(choice.Condition);
                break;
            case IWhileLoopOperation { Condition: { } condition }:
                Test(condition);
                break;
            case IForLoopOperation { Condition: { } condition }:
                Test(condition);
                break;
            case IForEachLoopOperation loop:
                Test(loop.Collection);
                break;
            case ISwitchOperation choice:
                Test(choice.Value);
                break;
            case ISwitchExpressionOperation choice:
                Test(choice.Value);
                break;
            case IPatternCaseClauseOperation { Guard: { } guard }:
                Test(guard);
                break;
            case ISwitchExpressionArmOperation { Guard: { } guard }:
                Test(guard);
                break;
            case ICatchClauseOperation { Filter: { } filter }:
                Test(filter);
                break;
            case IConditionalAccessOperation access:
                Test(access.Operation);
                break;
            case ICoalesceOperation choice:
                Test(choice.Value);
                break;
            case IIncrementOrDecrementOperation step:
                Step(step.Target);
                break;
            case ICompoundAssignmentOperation change:
                Step(change.Target);
                break;
            case ISimpleAssignmentOperation assignment:
                Assign(assignment.Target, assignment.Value);
                break;
            case IDeconstructionAssignmentOperation assignment:
                foreach (var target in assignment.Target.DescendantsAndSelf())
                    Assign(target, assignment.Value);
                break;
            case IVariableDeclaratorOperation { Initializer.Value: { } value } declarator:
                Derive(declarator.Symbol, value);
                break;
            case IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } argument:
                Hand(argument);
                break;
            case IInvocationOperation call:
                HasDelay |= IsDelay(call.TargetMethod.Name);
                break;
            case IObjectCreationOperation { Type.Name: { } type }:
                HasDelay |= type.StartsWith("WaitForSeconds", StringComparison.Ordinal) || type.EndsWith("Timer", StringComparison.Ordinal);
                break;
        }

        if (Symbols.Of(operation) is { } read)
            _read.Add(read);
    }

    private void Test(IOperation condition) => _tested.UnionWith(Symbols.In(condition));

    private void Step(IOperation target)
    {
        if (Symbols.Of(target) is { } symbol)
            _stepped.Add(symbol);
    }

    private void Assign(IOperation target, IOperation value)
    {
        if (Symbols.Of(target) is not { } symbol)
            return;
        if (value is IBinaryOperation { OperatorKind: BinaryOperatorKind.Add or BinaryOperatorKind.Subtract } && Symbols.In(value).Contains(symbol, SymbolEqualityComparer.Default))
            _stepped.Add(symbol);
        else
            _assigned.Add(symbol);
        Derive(symbol, value);
    }

    /// <summary><c>Interlocked.Increment(ref n)</c> counts; anything else that is handed over by reference may be set.</summary>
    private void Hand(IArgumentOperation argument)
    {
        var target = argument.Value is IDeclarationExpressionOperation declaration ? declaration.Expression : argument.Value;
        if (Symbols.Of(target) is not { } symbol)
            return;
        if (argument.Parent is not IInvocationOperation call)
            return;
        (call.TargetMethod.Name is "Increment" or "Decrement" or "Add" ? _stepped : _assigned).Add(symbol);
        Derive(symbol, call);
    }

    private void Derive(ISymbol symbol, IOperation value)
    {
        if (!IsVariable(symbol))
            return;
        if (!_sources.TryGetValue(symbol, out var sources))
            _sources[symbol] = sources = new(SymbolEqualityComparer.Default);
        sources.UnionWith(Symbols.In(value));
    }

    /// <summary>Adds what the symbols were made from, and what that was made from.</summary>
    private void Follow(HashSet<ISymbol> symbols)
    {
        var open = new Queue<ISymbol>(symbols);
        while (open.Count > 0)
        {
            if (!_sources.TryGetValue(open.Dequeue(), out var sources))
                continue;
            foreach (var source in sources.Where(symbols.Add))
                open.Enqueue(source);
        }
    }

    private static bool IsVariable(ISymbol symbol) => symbol is ILocalSymbol or IParameterSymbol;

    private bool IsDelay(string name) =>
        Names(name, "Delay") || Names(name, "Sleep") || Names(name, "Backoff") || Names(name, "WaitForNextTick") || _settings.DelayNames.Any(extra => Names(name, extra));

    private static bool Names(string name, string part) => name.IndexOf(part, StringComparison.OrdinalIgnoreCase) >= 0;

    private static bool LeavesFunction(IOperation? branch) => branch switch
    {
        IBlockOperation { Operations: { Length: > 0 } inner } => LeavesFunction(inner[inner.Length - 1]),
        IReturnOperation or IThrowOperation or IExpressionStatementOperation { Operation: IThrowOperation } => true,
        _ => false,
    };
}

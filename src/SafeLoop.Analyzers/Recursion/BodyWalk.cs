using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SafeLoop.Analyzers.Recursion;

/// <summary>The walk through a body that notes what <see cref="FunctionBody"/> is asked for.</summary>
/// <param name="around">Lambdas and local functions that belong to the body; all others do not.</param>
/// <param name="settings">What else counts as a delay.</param>
internal sealed class BodyWalk(HashSet<IOperation> around, AnalyzerSettings settings)
{
    public HashSet<ISymbol> Tested { get; } = new(SymbolEqualityComparer.Default);

    public HashSet<ISymbol> Read { get; } = new(SymbolEqualityComparer.Default);

    public HashSet<ISymbol> Assigned { get; } = new(SymbolEqualityComparer.Default);

    public HashSet<ISymbol> Stepped { get; } = new(SymbolEqualityComparer.Default);

    /// <summary>Members of other objects that are counted.</summary>
    public HashSet<ISymbol> SteppedElsewhere { get; } = new(SymbolEqualityComparer.Default);

    public HashSet<ISymbol> Indexes { get; } = new(SymbolEqualityComparer.Default);

    public HashSet<ISymbol> TakenFrom { get; } = new(SymbolEqualityComparer.Default);

    public HashSet<ISymbol> AddedTo { get; } = new(SymbolEqualityComparer.Default);

    /// <summary>Own members that are assigned, with what they are assigned.</summary>
    public List<(ISymbol Member, IOperation Value)> Set { get; } = [];

    public Origins Origins { get; } = new();

    public List<Decision> Exits { get; } = [];

    /// <summary>Conditions around a way out of the function, however deep, and what is refused.</summary>
    public HashSet<IOperation> Deciding { get; } = [];

    public bool HasDelay { get; private set; }

    /// <summary>
    /// Not by calling itself: a sum of thousands of strings is as deep as it is long, and would take the stack of the compiler.
    /// </summary>
    public void Visit(IOperation body)
    {
        var open = new Stack<IOperation>();
        open.Push(body);
        while (open.Count > 0)
        {
            var operation = open.Pop();
            if (operation.Parent is not null && operation is ILocalFunctionOperation or IAnonymousFunctionOperation
                && !around.Contains(operation))
            {
                NoteSetMembers(operation);
                continue;
            }

            Note(operation);
            foreach (var child in operation.ChildOperations.Reverse())
                open.Push(child);
        }
    }

    /// <summary>A handler or helper inside the function may set a counter back, whenever it runs.</summary>
    private void NoteSetMembers(IOperation nested)
    {
        foreach (var assignment in nested.Descendants().OfType<ISimpleAssignmentOperation>())
        {
            if (Symbols.Of(assignment.Target) is { } member && !Symbols.IsVariable(member))
                Assigned.Add(member);
        }
    }

    private void Note(IOperation operation)
    {
        if (Branches.ConditionOf(operation) is { } condition)
            Tested.UnionWith(Symbols.In(condition));
        if (operation is IConditionalOperation choice
            && (Branches.LeavesFunction(choice.WhenTrue) || Branches.LeavesFunction(choice.WhenFalse)))
            Exits.Add(new(choice.Condition, !Branches.LeavesFunction(choice.WhenTrue)));
        if (Recursion.Deciding.Leaves(operation))
            Deciding.UnionWith(Recursion.Deciding.Around(operation));
        if (Refusal.AskedBy(operation) is { } asked)
        {
            Tested.UnionWith(Symbols.In(asked));
            Deciding.Add(asked);
        }

        if (Refusal.IndexOf(operation) is { } index)
            Indexes.Add(index);
        if (Symbols.Of(operation) is { } read)
            Read.Add(read);
        if (Input.Taken(operation) is { } source)
            TakenFrom.Add(source);
        if (Input.Added(operation) is { } collection)
            AddedTo.Add(collection);
        HasDelay |= Delay.Is(operation, settings);
        NoteChange(operation);
    }

    private void NoteChange(IOperation operation)
    {
        switch (operation)
        {
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
                Origins.Add(declarator.Symbol, value);
                break;
            case IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } argument:
                Hand(argument);
                break;
        }
    }

    private void Step(IOperation target)
    {
        if (Symbols.Of(target) is { } symbol)
            Stepped.Add(symbol);
        else if (target is IMemberReferenceOperation { Instance: not null, Member: var member })
            SteppedElsewhere.Add(member);
    }

    private void Assign(IOperation target, IOperation value)
    {
        if (Symbols.Of(target) is not { } symbol)
            return;
        if (value is IBinaryOperation { OperatorKind: BinaryOperatorKind.Add or BinaryOperatorKind.Subtract }
            && Symbols.In(value).Contains(symbol, SymbolEqualityComparer.Default))
            Stepped.Add(symbol);
        else
            Assigned.Add(symbol);
        Origins.Add(symbol, value);
        if (!Symbols.IsVariable(symbol))
            Set.Add((symbol, value));
    }

    /// <summary><c>Interlocked.Increment(ref n)</c> counts; anything else that is handed over by reference may be set.</summary>
    private void Hand(IArgumentOperation argument)
    {
        var target = argument.Value is IDeclarationExpressionOperation declaration ? declaration.Expression : argument.Value;
        if (Symbols.Of(target) is not { } symbol
            || argument.Parent is not IInvocationOperation { TargetMethod: not { Name: "Read",
                ContainingType.Name: "Volatile" } } call)
            return;
        (call.TargetMethod.Name is "Increment" or "Decrement" or "Add" ? Stepped : Assigned).Add(symbol);
        Origins.Add(symbol, call);
    }
}

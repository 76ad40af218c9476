using System.Reflection.Emit;
using System.Reflection.Metadata;

namespace SafeLoop.Tool;

/// <summary>
/// Looks in the IL for a way from a method back to itself: a call, or a lambda it makes that calls, or a method between that
/// hands on the task. A task that is thrown away leads nowhere: the caller does not wait for it.
/// </summary>
internal sealed class SelfCallSearch(ModuleFile file, MethodMap map)
{
    private const int MaxSteps = 5;

    private readonly MetadataReader _metadata = file.Metadata;
    private readonly Overriding _overriding = new(file.Metadata, map);
    private readonly DelegateFields _fields = new(file, map);

    /// <param name="method">Where to begin and to come back to.</param>
    /// <param name="chained">Methods whose frames stand in the same chain: they may lie on the way, whatever they return.</param>
    /// <param name="mayDiscard">A promise, not the returned task, is what is waited for.</param>
    public SelfCall? Find(MethodDefinitionHandle method, IReadOnlySet<MethodDefinitionHandle> chained, bool mayDiscard)
    {
        var seen = new HashSet<MethodDefinitionHandle>();
        var queue = new Queue<(MethodDefinitionHandle At, int Steps, SelfCall? First)>([(method, 0, null)]);
        while (queue.TryDequeue(out var here))
        {
            foreach (var body in map.BodiesOf(here.At))
            {
                foreach (var (target, offset, isDelegate) in Calls(body, method, chained, mayDiscard))
                {
                    var first = here.First ?? new SelfCall(body, offset);
                    if (target == method)
                        return first;

                    // Not counted as a step: the heap shows it, or it is part of the method that creates it.
                    var isOnTheWay = isDelegate || chained.Contains(target);
                    var steps = here.Steps + (isOnTheWay ? 0 : 1);
                    if (steps < MaxSteps && (isOnTheWay || ReturnsTask(target)) && seen.Add(target))
                        queue.Enqueue((target, steps, first));
                }
            }
        }

        return null;
    }

    private IEnumerable<(MethodDefinitionHandle Target, int Offset, bool IsDelegate)> Calls(
        MethodDefinitionHandle body, MethodDefinitionHandle wanted, IReadOnlySet<MethodDefinitionHandle> chained, bool mayDiscard)
    {
        var code = file.CodeOf(body);
        for (var i = 0; i < code.Count; i++)
        {
            if (!mayDiscard && IsDiscarded(code, i))
                continue;

            if (code[i].IsCall || code[i].IsDelegate)
            {
                if (map.Resolve(code[i].Token) is { } target)
                    yield return (target, code[i].Offset, code[i].IsDelegate);
                foreach (var method in chained.Append(wanted))
                {
                    if (_overriding.MayBe(code[i].Token, method))
                        yield return (method, code[i].Offset, false);
                }
            }
            else if ((code[i].Code == OpCodes.Ldfld || code[i].Code == OpCodes.Ldsfld) && InvokesSoon(code, i))
            {
                foreach (var target in _fields.AssignedTo(code[i].Token))
                    yield return (target, code[i].Offset, true);
            }
        }
    }

    /// <summary>
    /// The result of the call, or of the call the delegate is made for, is popped at once, or stored for other code.
    /// </summary>
    private bool IsDiscarded(IReadOnlyList<IlInstruction> code, int at)
    {
        if (code[at].IsDelegate)
        {
            for (at++; at < code.Count && (!code[at].IsCall || code[at].Code == OpCodes.Newobj); at++)
            {
            }
        }

        return at + 1 < code.Count && code[at].IsCall && (code[at + 1].Code == OpCodes.Pop || IsPutAway(code[at + 1]));
    }

    /// <summary>
    /// In a field of the program's own: a local of an async method is a field, too, but of a type the compiler made.
    /// </summary>
    private bool IsPutAway(IlInstruction instruction)
    {
        if (instruction.Code != OpCodes.Stfld && instruction.Code != OpCodes.Stsfld)
            return false;
        var field = System.Reflection.Metadata.Ecma335.MetadataTokens.EntityHandle(instruction.Token);
        return field.Kind == HandleKind.FieldDefinition
            && !_metadata.GetString(_metadata.GetTypeDefinition(
                _metadata.GetFieldDefinition((FieldDefinitionHandle)field).GetDeclaringType()).Name).StartsWith('<');
    }

    /// <summary>The delegate in the field is called after its arguments have been loaded.</summary>
    private bool InvokesSoon(IReadOnlyList<IlInstruction> code, int at)
    {
        const int Arguments = 12;
        for (var i = at + 1; i < code.Count && i <= at + Arguments; i++)
        {
            if (code[i].Code == OpCodes.Callvirt && NameOf(code[i].Token) == "Invoke")
                return true;
        }

        return false;
    }

    private string NameOf(int token)
    {
        var handle = System.Reflection.Metadata.Ecma335.MetadataTokens.EntityHandle(token);
        return handle.Kind == HandleKind.MemberReference
            ? _metadata.GetString(_metadata.GetMemberReference((MemberReferenceHandle)handle).Name)
            : "";
    }

    /// <summary>
    /// What it returns can be awaited or iterated: an object that is no string. A rough sieve; the
    /// heap has proven the chain already.
    /// </summary>
    private bool ReturnsTask(MethodDefinitionHandle method)
    {
        var signature = _metadata.GetBlobReader(_metadata.GetMethodDefinition(method).Signature);
        var header = signature.ReadSignatureHeader();
        if (header.IsGeneric)
            signature.ReadCompressedInteger();
        signature.ReadCompressedInteger();
        var type = signature.ReadByte();
        const byte ValueType = 0x11, Class = 0x12, GenericInstance = 0x15;
        return type is ValueType or Class or GenericInstance;
    }
}

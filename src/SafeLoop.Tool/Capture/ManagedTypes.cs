using Microsoft.Diagnostics.Runtime;

namespace SafeLoop.Tool;

/// <summary>Describes the types of objects read from a dump as the heap graph of a live process describes them.</summary>
internal sealed class ManagedTypes(HeapGraphBuilder builder)
{
    /// <summary>Not an address of anything: stands for a type argument that is never read.</summary>
    private const ulong Unknown = 1;

    private readonly HashSet<ulong> _described = [];

    public ulong Describe(ClrObject one, ClrType type)
    {
        if (_described.Add(type.MethodTable))
            Describe(type.MethodTable, type,
                FrameRules.IsBox(TypeNames.Plain(type.Name ?? "")) ? [Unknown, StateMachineOf(one, type)] : []);
        return type.MethodTable;
    }

    private void Describe(ulong id, ClrType type, ulong[] arguments) =>
        builder.DescribeType(id, TypeNames.Plain(type.Name ?? "(unknown)"), type.Module?.Address ?? 0, (int)type.MetadataToken,
            arguments);

    /// <summary>
    /// The box's field says it if it is a struct; of a class the field's type is anything, so the object is asked.
    /// </summary>
    private ulong StateMachineOf(ClrObject box, ClrType type)
    {
        var field = type.GetFieldByName("StateMachine");
        var machine = field is null ? null : field.IsObjectReference ? box.ReadObjectField("StateMachine").Type : field.Type;
        if (machine is null)
            return Unknown;

        var id = machine.MethodTable != 0 ? machine.MethodTable : ((ulong)machine.MetadataToken << 32) | Unknown;
        if (_described.Add(id))
            Describe(id, machine, []);
        return id;
    }
}

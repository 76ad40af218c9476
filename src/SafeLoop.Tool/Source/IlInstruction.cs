using System.Reflection.Emit;

namespace SafeLoop.Tool;

/// <summary>One instruction, with its token if it has one.</summary>
internal readonly record struct IlInstruction(int Offset, OpCode Code, int Token)
{
    public bool IsCall => Code == OpCodes.Call || Code == OpCodes.Callvirt || Code == OpCodes.Newobj;

    public bool IsDelegate => Code == OpCodes.Ldftn || Code == OpCodes.Ldvirtftn;
}

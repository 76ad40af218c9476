using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Emit;

namespace SafeLoop.Tool;

/// <summary>Splits a method's IL into instructions.</summary>
internal static class IlCode
{
    private const byte TwoByteCode = 0xFE;

    private static readonly Dictionary<short, OpCode> Codes = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value);

    public static IReadOnlyList<IlInstruction> Read(ReadOnlySpan<byte> il)
    {
        var instructions = new List<IlInstruction>();
        for (var at = 0; at < il.Length;)
        {
            var offset = at;
            var value = (short)(il[at] == TwoByteCode && at + 1 < il.Length ? (il[at++] << 8) | il[at++] : il[at++]);
            if (!Codes.TryGetValue(value, out var code))
                break; // not IL as we know it: what has been read until here still holds

            var token = HasToken(code) && at + 4 <= il.Length ? BinaryPrimitives.ReadInt32LittleEndian(il[at..]) : 0;
            if (OperandSize(code, il, at) is var size && size > il.Length - at)
                break;

            at += (int)size;
            instructions.Add(new IlInstruction(offset, code, token));
        }

        return instructions;
    }

    private static bool HasToken(OpCode code) => code.OperandType
        is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok;

    private static long OperandSize(OpCode code, ReadOnlySpan<byte> il, int at) => code.OperandType switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch when at + 4 <= il.Length => 4 + (4L * BinaryPrimitives.ReadUInt32LittleEndian(il[at..])),
        _ => 4,
    };
}

using System.Buffers.Binary;

namespace SafeLoop.Tool;

/// <summary>
/// Looks at the head of a core dump: reports a dump that was cut off or is from another kind of machine before it is read.
/// </summary>
internal static class CoreFile
{
    private const int HeaderSize = 64;
    private const int ElfCore = 4;
    private const uint Load = 1;

    public static bool IsElf(ReadOnlySpan<byte> head) => head.StartsWith("\u007fELF"u8);

    /// <returns>What is wrong with it, as a sentence without its name; null when nothing is.</returns>
    public static string? ProblemOf(string path)
    {
        using var file = File.OpenRead(path);
        var head = new byte[HeaderSize];
        if (file.ReadAtLeast(head, HeaderSize, throwOnEndOfStream: false) < HeaderSize)
            return "is cut off: it ends within its first line.";
        if (head[4] != 2)
            return "is of a 32-bit process. safeloop reads those of 64-bit processes.";
        if (head[5] != 1 || BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(16)) != ElfCore)
            return "is an ELF file, but no core dump.";
        if (BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(18)) != Machine)
            return "is of another kind of machine. Read it on one of the same kind; "
                + $"this is {System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture}.";
        return IsCut(file, head)
            ? $"is cut off: it says it is longer than its {Text.Bytes(file.Length)}. Was the disk full when it was written?"
            : null;
    }

    private static ushort Machine => System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => 62,
        System.Runtime.InteropServices.Architecture.Arm64 => 183,
        _ => 0,
    };

    private static bool IsCut(FileStream file, byte[] head)
    {
        var table = BinaryPrimitives.ReadInt64LittleEndian(head.AsSpan(32));
        int size = BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(54)),
            count = BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(56));
        if (size < 56 || table < HeaderSize || table + ((long)size * count) > file.Length)
            return true;

        var entry = new byte[size];
        file.Position = table;
        for (var i = 0; i < count; i++)
        {
            file.ReadExactly(entry);
            var (offset, length) = (BinaryPrimitives.ReadUInt64LittleEndian(entry.AsSpan(8)),
                BinaryPrimitives.ReadUInt64LittleEndian(entry.AsSpan(32)));
            if (BinaryPrimitives.ReadUInt32LittleEndian(entry) == Load && offset + length > (ulong)file.Length)
                return true;
        }

        return false;
    }
}

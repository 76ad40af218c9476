using System.Runtime.InteropServices;

namespace SafeLoop.Tool;

/// <summary>
/// Devices, pipes and sockets: reading a pipe without a writer would wait for ever, and
/// a device would be replaced by a file.
/// </summary>
internal static partial class SpecialFile
{
    private const int CurrentFolder = -100;
    private const uint TypeAlone = 1;
    private const int ModeAt = 28;
    private const int TypeOfMode = 0xF000, Ordinary = 0x8000, Folder = 0x4000;

    /// <summary>False also when it is not known: for a missing file, and on systems other than Linux.</summary>
    public static bool Is(string path)
    {
        if (!OperatingSystem.IsLinux())
            return false;

        Span<byte> answer = stackalloc byte[256];
        return StatX(CurrentFolder, path, flags: 0, TypeAlone, answer) == 0
            && (BitConverter.ToUInt16(answer[ModeAt..]) & TypeOfMode) is not (Ordinary or Folder);
    }

    /// <summary>True for a file that can be read to its end. The inspected process may name a pipe as its source.</summary>
    public static bool IsNot(string path) => File.Exists(path) && !Is(path);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int folder, string path, int flags, uint wanted, Span<byte> answer);
}

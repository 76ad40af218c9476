using System.Globalization;

namespace SafeLoop.Tool;

/// <summary>Reads a heap from wherever the user says it is.</summary>
internal static class Heaps
{
    public static Snapshot Read(string target)
    {
        if (int.TryParse(target, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            return ReadProcess(TargetProcess.Find(id));
        throw new ToolException(ExitCode.Failed, $"'{target}' is no file and no process id.");
    }

    private static Snapshot ReadProcess(TargetProcess process)
    {
        var map = process.Ask(ModuleMap.Read);
        return new LiveHeap(process).Capture(map);
    }
}

using System.Globalization;

namespace SafeLoop.Tool;

/// <summary>
/// When a process was started, the same number for every caller. (<see cref="System.Diagnostics.Process.StartTime"/> on Linux
/// differs by milliseconds from one caller to the next.)
/// </summary>
internal static class ProcessStart
{
    private const int Field = 22, FieldsBeforeName = 2;

    /// <returns>In units of the system; 0 when it is not known.</returns>
    public static long Of(TargetProcess process) => OperatingSystem.IsLinux()
        ? Ticks(ProcessMemory.Lines($"/proc/{process.Id.ToString(CultureInfo.InvariantCulture)}/stat").FirstOrDefault() ?? "")
        : process.Started?.Ticks ?? 0;

    /// <param name="stat">A line of <c>/proc/PID/stat</c>. The name, in brackets, may hold anything.</param>
    internal static long Ticks(string stat)
    {
        var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > Field - FieldsBeforeName - 1
            && long.TryParse(fields[Field - FieldsBeforeName - 1], CultureInfo.InvariantCulture, out var ticks) ? ticks : 0;
    }
}

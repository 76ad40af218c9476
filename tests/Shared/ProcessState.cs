using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace SafeLoop.Tests.Shared;

/// <summary>The progress of a process: its CPU time, its kernel state and its output.</summary>
/// <param name="Cpu">The CPU time it has received.</param>
/// <param name="Letter">
/// The kernel's state of its main thread: R runs or waits for a processor, S sleeps, D waits for a disk, T is stopped, Z has
/// ended, ? is unknown.
/// </param>
/// <param name="Written">The number of characters it has written.</param>
internal sealed record ProcessState(TimeSpan Cpu, char Letter, long Written)
{
    /// <summary>True when the thread waits for a processor or a disk, so that the machine is slow and not the process.</summary>
    public bool IsHeldUp => Letter is 'R' or 'D';

    public static ProcessState Of(Process process, long written)
    {
        try
        {
            process.Refresh();
            return new(process.TotalProcessorTime, LetterOf(process.Id), written);
        }
        catch (Exception error) when (error is InvalidOperationException or Win32Exception or IOException)
        {
            return new(TimeSpan.Zero, 'Z', written); // the process has ended
        }
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"state {Letter}, {Cpu.TotalSeconds:0.00} s of CPU time, {Written} characters written");

    // The state follows the program's name in brackets, which may contain brackets.
    private static char LetterOf(int id)
    {
        var file = string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat");
        if (!File.Exists(file))
            return '?';
        var text = File.ReadAllText(file);
        return text.LastIndexOf(')') is >= 0 and var end ? text[end + 2] : '?';
    }
}

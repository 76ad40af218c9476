using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace SafeLoop.Tests.Shared;

/// <summary>How far a process has got: the kernel's account of it, and what it has written.</summary>
/// <param name="Cpu">The CPU time it has received.</param>
/// <param name="Letter">The kernel's state of its main thread: R runs or wants to, S sleeps, D waits for a disk, T is stopped, Z has ended; ?: unknown.</param>
/// <param name="Written">How many characters it has written.</param>
internal sealed record ProcessState(TimeSpan Cpu, char Letter, long Written)
{
    /// <summary>The thread has something to do and gets no processor or no disk: the machine is slow, not the process.</summary>
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
            return new(TimeSpan.Zero, 'Z', written); // it has ended
        }
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"state {Letter}, {Cpu.TotalSeconds:0.00} s of CPU time, {Written} characters written");

    // The name of the program, in brackets, may hold anything but its last bracket.
    private static char LetterOf(int id)
    {
        var file = string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat");
        return File.Exists(file) && File.ReadAllText(file) is var text && text.LastIndexOf(')') is >= 0 and var end ? text[end + 2] : '?';
    }
}

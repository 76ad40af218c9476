using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Runtime;

namespace SafeLoop.Tool;

/// <summary>
/// Heaps read through the debugger's interface: from a dump, from a process by way of a dump, from a process that is stopped.
/// </summary>
internal static class DumpHeap
{
    /// <summary>Reads a core dump.</summary>
    public static Snapshot ReadFile(string path)
    {
        if (CoreFile.IsElf(HeadOf(path)) && CoreFile.ProblemOf(path) is { } problem)
            throw new ToolException(problem.StartsWith("is cut off", StringComparison.Ordinal)
                ? ExitCode.Incomplete
                : ExitCode.Failed, $"'{path}' {problem}");

        return Read(() => DataTarget.LoadDump(path), $"'{path}'", new SnapshotOrigin
        {
            Name = Path.GetFileName(path),
            TakenAt = File.GetLastWriteTimeUtc(path),
            Means = "core dump",
        });
    }

    /// <summary>Lets the process write a dump with its heap into a private folder, reads it and deletes it.</summary>
    /// <param name="process">The process.</param>
    /// <param name="heapLimit">How large its heap may grow.</param>
    /// <param name="limit">How long it may write.</param>
    public static Snapshot Capture(TargetProcess process, long heapLimit, TimeSpan limit)
    {
        var folder = Directory.CreateTempSubdirectory("safeloop-");

        // When a signal ends safeloop, no dump remains: deleting the folder removes the open file and prevents a later one.
        using var undo = Termination.RegisterUndo(() => Forget(folder));
        try
        {
            var file = Path.Combine(folder.FullName, "heap.dmp");
            Write(process, file, limit);
            if (!File.Exists(file))
                throw new ToolException(
                    ExitCode.Failed,
                    $"Process {process.Id} ({process.Name}) wrote no dump to '{file}': "
                    + "another user, or another view of the disk. Let it write one where you can read it, and diagnose that.");

            var snapshot = ReadFile(file);
            return snapshot with
            {
                Origin = snapshot.Origin with
                {
                    Name = $"process {process.Id} ({process.Name})", ProcessId = process.Id, Started = ProcessStart.Of(process),
                    TakenAt = TimeProvider.System.GetUtcNow(), HeapLimit = heapLimit,
                },
            };
        }
        finally
        {
            Forget(folder);
        }
    }

    private static void Write(TargetProcess process, string file, TimeSpan limit)
    {
        using var progress = Progress.Begin("The process writes its dump");
        using var tooLong = new CancellationTokenSource(limit);
        try
        {
            process.Ask(client =>
            {
                client.WriteDumpAsync(DumpType.WithHeap, file, WriteDumpFlags.None, tooLong.Token).GetAwaiter().GetResult();
                return file;
            });
        }
        catch (OperationCanceledException error)
        {
            throw new ToolException(
                ExitCode.Failed,
                $"Process {process.Id} ({process.Name}) had not written its dump after {Text.Duration(limit)}: "
                + $"it may be stopped, or the disk slow. Raise --timeout, of which that is {Heaps.Writing} times.",
                error);
        }
    }

    /// <summary>The process may put its dump there between what is in the folder is deleted and the folder itself.</summary>
    internal static void Forget(DirectoryInfo folder)
    {
        const int Most = 100;
        for (var time = 0; time < Most && Directory.Exists(folder.FullName); time++)
        {
            try
            {
                Directory.Delete(folder.FullName, recursive: true);
            }
            catch (IOException) // gone already, or not empty any more
            {
            }
        }
    }

    /// <summary>Stops the process and reads its memory. It stands still until all has been read, and goes on.</summary>
    public static Snapshot Attach(TargetProcess process) => Read(
        () => DataTarget.AttachToProcess(process.Id, suspend: true),
        $"Process {process.Id} ({process.Name})",
        new SnapshotOrigin
        {
            Name = $"process {process.Id} ({process.Name})", ProcessId = process.Id, Started = ProcessStart.Of(process),
            TakenAt = TimeProvider.System.GetUtcNow(), Means = "attached",
            HeapLimit = HeapLimits.Of(process.Id, hardLimit: 0),
        });

    private static Snapshot Read(Func<DataTarget> open, string name, SnapshotOrigin origin)
    {
        var began = TimeProvider.System.GetTimestamp();
        using var progress = Progress.Begin($"Reading {name}");
        try
        {
            using var data = open();
            var graph = ManagedHeap.Read(data, out var isLost);
            var pause = origin.Means == "attached" ? TimeProvider.System.GetElapsedTime(began) : TimeSpan.Zero;
            return new Snapshot(graph, origin with { IsComplete = !isLost, Pause = pause });
        }
        catch (ToolException error)
        {
            throw new ToolException(error.ExitCode, $"{name} cannot be read. {error.Message}", error);
        }
        catch (Exception error)
            when (error is UnauthorizedAccessException || error.Message.Contains("ptrace", StringComparison.OrdinalIgnoreCase))
        {
            throw new ToolException(ExitCode.NotPermitted,
                $"{name} cannot be read: the system does not permit it. Leave out --attach, or run safeloop as root.", error);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // The reader throws whatever it likes when bytes are not what they should be.
            throw new ToolException(ExitCode.Failed, $"{name} cannot be read: {OneLine(error.Message)}", error);
        }
    }

    private static string OneLine(string message) => message.ReplaceLineEndings(" ").Trim();

    private static byte[] HeadOf(string path)
    {
        using var file = File.OpenRead(path);
        var head = new byte[8];
        file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        return head;
    }
}

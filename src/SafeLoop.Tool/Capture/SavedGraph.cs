using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;

namespace SafeLoop.Tool;

/// <summary>
/// A heap graph in a file: what references what, types and sizes, no values. A hash of all that follows stands at the head, so
/// that a file that was cut or changed is refused instead of believed.
/// </summary>
internal static class SavedGraph
{
    private static readonly byte[] Magic = "SLGRAPH4"u8.ToArray();

    public static bool Is(ReadOnlySpan<byte> head) => head.StartsWith(Magic);

    /// <summary>Saved by an earlier version of safeloop, without what the roots are.</summary>
    public static bool IsOutdated(ReadOnlySpan<byte> head) => head.StartsWith(Magic.AsSpan(..^1)) && !Is(head);

    public static void Write(string path, Snapshot snapshot) => PrivateFile.Write(path, file =>
    {
        file.Write(Magic);
        file.Write(new byte[SHA256.HashSizeInBytes]);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using (var packed = new BrotliStream(new HashingStream(file, hash), CompressionLevel.Fastest, leaveOpen: true))
            Write(packed, snapshot);
        file.Position = Magic.Length;
        file.Write(hash.GetHashAndReset());
    });

    public static Snapshot Read(string path)
    {
        using var file = File.OpenRead(path);
        file.Position = Magic.Length;
        var expected = new byte[SHA256.HashSizeInBytes];
        if (file.ReadAtLeast(expected, expected.Length, throwOnEndOfStream: false) < expected.Length
            || !SHA256.HashData(file).AsSpan().SequenceEqual(expected))
            throw new ToolException(ExitCode.Incomplete,
                $"'{path}' is a saved graph, but was cut off or changed. Save it again.");

        file.Position = Magic.Length + expected.Length;
        try
        {
            if (Unpack(file) is var snapshot && snapshot.Graph.IsConsistent)
                return snapshot;
        }
        catch (Exception error)
            when (error is EndOfStreamException or InvalidOperationException or JsonException or FormatException
                or OverflowException)
        {
            // The file was forged, with a valid hash.
        }

        throw new ToolException(ExitCode.Failed, $"'{path}' is a saved graph, but contradicts itself. Save it again.");
    }

    private static Snapshot Unpack(Stream file)
    {
        using var packed = new BrotliStream(file, CompressionMode.Decompress);
        using var reader = new BinaryReader(packed);
        var origin = JsonSerializer.Deserialize(reader.ReadString(), JsonReport.Default.SnapshotOrigin)!;
        return new Snapshot(new HeapGraph
        {
            Types = JsonSerializer.Deserialize(reader.ReadString(), JsonReport.Default.HeapTypeArray)!,
            Modules = JsonSerializer.Deserialize(reader.ReadString(), JsonReport.Default.HeapModuleArray)!,
            TypeOf = ReadArray<int>(reader),
            Sizes = ReadArray<long>(reader),
            Starts = ReadArray<int>(reader),
            Targets = ReadArray<int>(reader),
            Places = FromSteps(ReadArray<uint>(reader)),
            Roots = ReadRoots(reader),
        }, origin with { Means = "saved graph", Pause = TimeSpan.Zero });
    }

    private static void Write(Stream packed, Snapshot snapshot)
    {
        using var writer = new BinaryWriter(packed);
        writer.Write(JsonSerializer.Serialize(snapshot.Origin, JsonReport.Default.SnapshotOrigin));
        writer.Write(JsonSerializer.Serialize(snapshot.Graph.Types, JsonReport.Default.HeapTypeArray));
        writer.Write(JsonSerializer.Serialize(snapshot.Graph.Modules, JsonReport.Default.HeapModuleArray));
        WriteArray<int>(writer, snapshot.Graph.TypeOf);
        WriteArray<long>(writer, snapshot.Graph.Sizes);
        WriteArray<int>(writer, snapshot.Graph.Starts);
        WriteArray<int>(writer, snapshot.Graph.Targets.AsSpan(0, snapshot.Graph.Starts[^1]));
        WriteArray<uint>(writer, ToSteps(snapshot.Graph.Places));
        WriteArray<int>(writer, [.. snapshot.Graph.Roots.Select(root => root.Node)]);
        WriteArray<RootKind>(writer, [.. snapshot.Graph.Roots.Select(root => root.Kind)]);
        WriteArray<int>(writer, [.. snapshot.Graph.Roots.Select(root => root.Module)]);
        var names = snapshot.Graph.Roots.Select(root => root.Name ?? "").Distinct().ToArray();
        var numbers = names.Index().ToDictionary(name => name.Item, name => name.Index);
        WriteArray<int>(writer, [.. snapshot.Graph.Roots.Select(root => numbers[root.Name ?? ""])]);
        writer.Write(JsonSerializer.Serialize(names, JsonReport.Default.StringArray));
    }

    /// <summary>Neighbours lie at similar distances, which takes less room in the file than where they lie.</summary>
    private static uint[] ToSteps(uint[] places) =>
        [.. places.Select((place, i) => i == 0 ? place : unchecked(place - places[i - 1]))];

    private static uint[] FromSteps(uint[] steps)
    {
        for (var i = 1; i < steps.Length; i++)
            steps[i] = unchecked(steps[i] + steps[i - 1]);
        return steps;
    }

    private static HeapRoot[] ReadRoots(BinaryReader reader)
    {
        var (nodes, kinds, modules) = (ReadArray<int>(reader), ReadArray<RootKind>(reader), ReadArray<int>(reader));
        var nameOf = ReadArray<int>(reader);
        var names = JsonSerializer.Deserialize(reader.ReadString(), JsonReport.Default.StringArray)!;
        return [.. nodes.Zip(kinds, modules).Select((root, i) =>
            new HeapRoot(root.First, root.Second, names.ElementAtOrDefault(nameOf[i]) is { Length: > 0 } name ? name : null,
                root.Third))];
    }

    private static void WriteArray<T>(BinaryWriter writer, ReadOnlySpan<T> items) where T : unmanaged
    {
        writer.Write(items.Length);
        writer.Write(MemoryMarshal.AsBytes(items));
    }

    private static T[] ReadArray<T>(BinaryReader reader) where T : unmanaged
    {
        var items = new T[reader.ReadInt32()];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(items.AsSpan()));
        return items;
    }
}

using Microsoft.Diagnostics.Runtime;

namespace SafeLoop.Tool;

/// <summary>Reads the heap of a dump, or of a process that a debugger's interface has stopped, into a graph.</summary>
internal static class ManagedHeap
{
    /// <param name="data">The dump or process.</param>
    /// <param name="isLost">A part could not be read.</param>
    public static HeapGraph Read(DataTarget data, out bool isLost)
    {
        using var runtime = RuntimeOf(data);
        var heap = runtime.Heap;
        var modules = new Dictionary<ulong, HeapModule>();
        foreach (var module in runtime.EnumerateModules())
            modules[module.Address] = new HeapModule(module.Name ?? "", module.Pdb?.Guid ?? Guid.Empty, module.Pdb?.Path ?? "");

        var builder = new HeapGraphBuilder();
        var types = new ManagedTypes(builder);
        isLost = false;
        foreach (var one in heap.EnumerateObjects(carefully: true))
        {
            if (one.Type is not { IsFree: false } type)
            {
                isLost |= one.Type is null;
                continue;
            }

            var before = builder.References;
            foreach (var target in one.EnumerateReferenceAddresses(carefully: false, considerDependantHandles: true))
                builder.AddReference(target);
            builder.AddObject(one.Address, one.Size, types.Describe(one, type), builder.References - before);
        }

        if (builder.Objects == 0)
            throw new ToolException(ExitCode.Incomplete, "It holds no heap: dumps of the kinds Mini, Normal and Triage do not. "
                + "Take one with the heap, as `dotnet-dump collect --type Heap` does.");

        foreach (var root in heap.EnumerateRoots())
            builder.AddRoot(root.Object.Address);
        return LiveGraph.Of(builder.Build(modules));
    }

    private static ClrRuntime RuntimeOf(DataTarget data)
    {
        var version = data.ClrVersions.FirstOrDefault()
            ?? throw new ToolException(ExitCode.Failed, "There is no .NET runtime in it. (Of a single-file program only a full dump says where the runtime is.)");
        return version.CreateRuntime();
    }
}

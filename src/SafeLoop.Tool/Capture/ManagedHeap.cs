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
        {
            builder.AddRoot(root.Object.Address, KindOf(root.RootKind));
            if (IsTableOfStatics(root))
                builder.AddStaticTable(root.Object.Address);
        }

        return LiveGraph.Of(builder.Build(modules));
    }

    private static RootKind KindOf(ClrRootKind kind) => kind switch
    {
        ClrRootKind.Stack => RootKind.Stack,
        ClrRootKind.FinalizerQueue => RootKind.Finalizer,
        ClrRootKind.None => RootKind.Unknown,
        _ => RootKind.Handle,
    };

    /// <summary>
    /// A dump does not list the static fields. The runtime holds their array by a handle, as hardly anything else holds one.
    /// </summary>
    private static bool IsTableOfStatics(ClrRoot root) =>
        root.RootKind is ClrRootKind.StrongHandle or ClrRootKind.PinnedHandle && root.Object.Type?.Name == "System.Object[]";

    private static ClrRuntime RuntimeOf(DataTarget data)
    {
        var version = data.ClrVersions.FirstOrDefault()
            ?? throw new ToolException(ExitCode.Failed, "There is no .NET runtime in it. "
                + "(Of a single-file program only a full dump says where the runtime is.)");
        return version.CreateRuntime();
    }
}

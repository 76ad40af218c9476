using System.Runtime.CompilerServices;
using Microsoft.Diagnostics.Tracing;
using Microsoft.Diagnostics.Tracing.Parsers.Clr;

namespace SafeLoop.Tool;

/// <summary>
/// Reads the events of one full collection and its walk into a graph. Objects and references are read straight from the events'
/// bytes: there are tens of millions of them, and the parser's own accessors take five times as long.
/// </summary>
internal sealed class HeapEvents
{
    private const int BulkHeader = 10;
    private const int BulkNode = 32;
    private const int BulkEdge = 12;

    private readonly EventPipeEventSource _source;
    private readonly WalkedCollection _collection = new();
    private int _nodeEvents;
    private int _edgeEvents;
    private double _suspendedAt;
    private double _resumedAt;

    /// <param name="source">Where the events come from.</param>
    public HeapEvents(EventPipeEventSource source)
    {
        _source = source;
        source.Clr.GCSuspendEEStart += data => _suspendedAt = HasEnded ? _suspendedAt : data.TimeStampRelativeMSec;
        source.Clr.GCRestartEEStop += Resumed;
        source.Clr.GCStart += data => _collection.Started(data.Count, data.Depth, data.Type == GCType.BackgroundGC);
        source.Clr.GCStop += data => _collection.Stopped(data.Count);
        source.Clr.TypeBulkType += Describe;
        source.Clr.GCBulkNode += Objects;
        source.Clr.GCBulkEdge += References;
        source.Clr.GCBulkRootEdge += Roots;
        source.Clr.GCBulkRootStaticVar += Statics;
        source.Clr.GCBulkRootConditionalWeakTableElementEdge += Dependents;
    }

    public HeapGraphBuilder Graph { get; } = new();

    private bool HasEnded => _collection.HasEnded;

    /// <summary>Nothing was lost: the runtime says so, and every reference an object was said to have has come.</summary>
    public bool IsWhole => HasEnded && _source.EventsLost == 0 && Graph.IsWhole;

    /// <summary>How long the collection and the walk stopped the process.</summary>
    public TimeSpan Pause => TimeSpan.FromMilliseconds(Math.Max(0, _resumedAt - _suspendedAt));

    /// <summary>Nothing more is to come but other walks, if the process does not cease to collect.</summary>
    private void Resumed(GCNoUserDataTraceData data)
    {
        if (!HasEnded)
            return;
        _resumedAt = data.TimeStampRelativeMSec;
        _source.StopProcessing();
    }

    private void Describe(GCBulkTypeTraceData data)
    {
        for (var i = 0; i < data.Count; i++)
        {
            var type = data.Values(i);
            var arguments = new ulong[type.TypeParameterCount];
            for (var j = 0; j < arguments.Length; j++)
                arguments[j] = (ulong)type.TypeParameterID(j);
            Graph.DescribeType((ulong)type.TypeID, TypeNames.Plain(type.TypeName), (ulong)type.ModuleID, (int)type.TypeNameID,
                arguments);
        }
    }

    private void Objects(GCBulkNodeTraceData data)
    {
        if (!_collection.IsWalking || !IsNext(data.Index, ref _nodeEvents))
            return;

        var at = data.DataStart + BulkHeader;
        for (var i = 0; i < data.Count; i++, at += BulkNode)
            Graph.AddObject(Read<ulong>(at), Read<ulong>(at + 8), Read<ulong>(at + 16), (int)Read<ulong>(at + 24));
    }

    private void References(GCBulkEdgeTraceData data)
    {
        if (!_collection.IsWalking || !IsNext(data.Index, ref _edgeEvents))
            return;

        var at = data.DataStart + BulkHeader;
        for (var i = 0; i < data.Count; i++, at += BulkEdge)
            Graph.AddReference(Read<ulong>(at));
    }

    /// <summary>References say nothing of whose they are but by their order: after a gap none of them can be believed.</summary>
    private bool IsNext(int index, ref int expected)
    {
        _collection.Walked();
        if (index != expected)
            return false;
        expected++;
        return true;
    }

    private void Roots(GCBulkRootEdgeTraceData data)
    {
        for (var i = 0; _collection.IsWalking && i < data.Count; i++)
        {
            var root = data.Values(i);
            if ((root.GCRootFlag & (GCRootFlags.WeakRef | GCRootFlags.RefCounted)) == 0)
                Graph.AddRoot(root.RootedNodeAddress, KindOf(root), root.GCRootKind == GCRootKind.Stack ? root.GCRootID : 0);
        }
    }

    /// <summary>A variable of a stack names its method. What has none is a static field of the thread.</summary>
    private static RootKind KindOf(GCBulkRootEdgeValues root) => root.GCRootKind switch
    {
        GCRootKind.Stack => root.GCRootID == 0 ? RootKind.ThreadStatic : RootKind.Stack,
        GCRootKind.Finalizer => RootKind.Finalizer,
        GCRootKind.Handle => RootKind.Handle,
        _ => RootKind.Unknown,
    };

    private void Statics(GCBulkRootStaticVarTraceData data)
    {
        for (var i = 0; _collection.IsWalking && i < data.Count; i++)
        {
            var field = data.Values(i);
            Graph.AddStatic(field.ObjectID, field.GCRootID, field.FieldName);
        }
    }

    private void Dependents(GCBulkRootConditionalWeakTableElementEdgeTraceData data)
    {
        for (var i = 0; _collection.IsWalking && i < data.Count; i++)
            Graph.AddDependent(data.Values(i).GCKeyNodeID, data.Values(i).GCValueNodeID);
    }

    private static unsafe T Read<T>(nint at) where T : unmanaged => Unsafe.ReadUnaligned<T>((void*)at);
}

namespace DeviceInfo.View;

/// <summary>The managed heap, compared with what it was when the program was ready to run.</summary>
internal sealed class HeapGauge
{
    public long AtStart { get; } = Settled();

    /// <summary>Bytes in use now, garbage not yet collected included.</summary>
    public static long Now() => GC.GetTotalMemory(forceFullCollection: false);

    /// <summary>Bytes still in use after a full collection.</summary>
    public static long Settled() => GC.GetTotalMemory(forceFullCollection: true);
}

using System.IO.MemoryMappedFiles;

namespace ClusterSample;

/// <summary>A silo's notes of its runs, in a mapped file that survives <c>kill -9</c>.</summary>
/// <remarks>
/// Each device has a row with a field per slot: when it ran, in <see cref="Tick"/> since the start, or zero. The highest bit
/// says that it ran more than once.
/// </remarks>
internal sealed class RunFile : IDisposable
{
    public const int Slots = 60;
    public const int RowSize = Slots * sizeof(ushort);
    public const int RanAgain = 0x8000;

    /// <summary>The unit of the times.</summary>
    public static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly DateTimeOffset _start;
    private readonly TimeSpan _period;

    public RunFile(string path, int keys, DateTimeOffset start, TimeSpan period)
    {
        (_start, _period) = (start, period);
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Create, mapName: null, (long)keys * RowSize);
        _view = _file.CreateViewAccessor();
    }

    /// <summary>The number of a slot since the start.</summary>
    public static int IndexOf(DateTimeOffset slot, DateTimeOffset start, TimeSpan period) => (int)((slot - start) / period);

    /// <summary>Notes that a slot of a device runs now.</summary>
    public void Note(int key, DateTimeOffset slot)
    {
        var index = IndexOf(slot, _start, _period);
        if (index is < 0 or >= Slots)
            return;
        var field = ((long)key * RowSize) + (index * sizeof(ushort));
        var before = _view.ReadUInt16(field);
        var now = (int)((TimeProvider.System.GetUtcNow() - _start) / Tick);
        _view.Write(field, (ushort)(before == 0 ? Math.Clamp(now, 1, RanAgain - 1) : before | RanAgain));
    }

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }
}

using System.IO.MemoryMappedFiles;

namespace ClusterSample;

/// <summary>A silo's notes of its runs, in a mapped file that survives <c>kill -9</c>.</summary>
/// <remarks>
/// Each device has a row with a field per slot: when it ran, in hundredths of a second since the start, or zero. A byte behind
/// each row counts the runs of slots that this silo had already run.
/// </remarks>
internal sealed class RunFile : IDisposable
{
    public const int Slots = 60;
    public const int RowSize = (Slots * sizeof(ushort)) + 2;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly DateTimeOffset _start;

    public RunFile(string path, int keys, DateTimeOffset start)
    {
        _start = start;
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Create, mapName: null, (long)keys * RowSize);
        _view = _file.CreateViewAccessor();
    }

    /// <summary>The number of a slot since the start.</summary>
    public static int IndexOf(DateTimeOffset slot, DateTimeOffset start) => (int)((slot - start) / SiloProgram.Period);

    /// <summary>Notes that a slot of a device runs now.</summary>
    public void Note(int key, DateTimeOffset slot)
    {
        var index = IndexOf(slot, _start);
        if (index is < 0 or >= Slots)
            return;
        var row = (long)key * RowSize;
        var field = row + (index * sizeof(ushort));
        if (_view.ReadUInt16(field) != 0)
            _view.Write(row + RowSize - 2, (byte)(_view.ReadByte(row + RowSize - 2) + 1));
        var now = (TimeProvider.System.GetUtcNow() - _start).TotalMilliseconds / 10;
        _view.Write(field, (ushort)Math.Clamp(now, 1, ushort.MaxValue));
    }

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }
}

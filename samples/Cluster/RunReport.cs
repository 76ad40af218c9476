using System.Buffers.Binary;

namespace ClusterSample;

/// <summary>What the notes of all silos say together.</summary>
/// <param name="Runs">The number of runs.</param>
/// <param name="Lost">Slots of devices that no silo has run.</param>
/// <param name="Doubled">Slots that have run more than once.</param>
/// <param name="LongestGap">The longest time between two runs of a device.</param>
internal sealed record RunReport(long Runs, long Lost, long Doubled, TimeSpan LongestGap)
{
    /// <param name="files">The notes of the silos.</param>
    /// <param name="keys">The number of devices.</param>
    /// <param name="from">The first slot that counts. All devices ran before it.</param>
    /// <param name="until">The last slot that counts. It is over.</param>
    public static RunReport Read(IReadOnlyList<string> files, int keys, int from, int until)
    {
        var notes = files.Select(Open).ToArray();
        var row = new byte[RunFile.RowSize];
        var runs = new List<int>(); // of the slots of one device
        var (count, lost, doubled, gap) = (0L, 0L, 0L, 0);
        try
        {
            var slots = new List<int>[until - from + 1];
            for (var slot = 0; slot < slots.Length; slot++)
                slots[slot] = [];
            for (var key = 0; key < keys; key++)
            {
                foreach (var slot in slots)
                    slot.Clear();
                foreach (var note in notes)
                {
                    note.ReadExactly(row);
                    for (var slot = from; slot <= until; slot++)
                        Add(slots[slot - from], BinaryPrimitives.ReadUInt16LittleEndian(row.AsSpan(slot * sizeof(ushort))));
                }
                runs.Clear();
                foreach (var slot in slots)
                {
                    count += slot.Count;
                    lost += slot.Count == 0 ? 1 : 0;
                    doubled += slot.Count > 1 ? 1 : 0;
                    runs.AddRange(slot);
                }
                runs.Sort();
                for (var run = 1; run < runs.Count; run++)
                    gap = Math.Max(gap, runs[run] - runs[run - 1]);
            }
        }
        finally
        {
            foreach (var note in notes)
                note.Dispose();
        }
        return new(count, lost, doubled, gap * RunFile.Tick);
    }

    // The time of a second run on the same silo is not known.
    private static void Add(List<int> times, ushort note)
    {
        if (note == 0)
            return;
        times.Add(note & ~RunFile.RanAgain);
        if ((note & RunFile.RanAgain) != 0)
            times.Add(note & ~RunFile.RanAgain);
    }

    private static BufferedStream Open(string file) =>
        new(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite), 1 << 20);
}

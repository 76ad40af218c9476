using System.Buffers.Binary;

namespace ClusterSample;

/// <summary>What the notes of all silos say together.</summary>
/// <param name="Runs">The number of runs.</param>
/// <param name="Lost">Slots between the first and the last run of a device that no silo has run.</param>
/// <param name="Doubled">Slots that have run more than once.</param>
/// <param name="LongestGap">The longest time between two runs of a device.</param>
internal sealed record RunReport(long Runs, long Lost, long Doubled, TimeSpan LongestGap)
{
    /// <param name="files">The notes of the silos.</param>
    /// <param name="keys">The number of devices.</param>
    /// <param name="from">The first slot that counts.</param>
    /// <param name="until">The last slot that counts.</param>
    public static RunReport Read(IReadOnlyList<string> files, int keys, int from, int until)
    {
        var notes = files.Select(Open).ToArray();
        var rows = notes.Select(_ => new byte[RunFile.RowSize]).ToArray();
        var (runs, lost, doubled, gap) = (0L, 0L, 0L, 0);
        try
        {
            for (var key = 0; key < keys; key++)
            {
                for (var n = 0; n < notes.Length; n++)
                    notes[n].ReadExactly(rows[n]);
                var (last, missing) = (0, 0);
                for (var slot = from; slot <= until; slot++)
                {
                    var times = rows.Select(row => (int)BinaryPrimitives.ReadUInt16LittleEndian(row.AsSpan(slot * 2)))
                        .Where(time => time != 0).Order().ToArray();
                    if (times.Length == 0)
                    {
                        missing++;
                        continue;
                    }
                    runs += times.Length;
                    doubled += times.Length > 1 ? 1 : 0;
                    lost += last == 0 ? 0 : missing;
                    gap = last == 0 ? gap : Math.Max(gap, times[0] - last);
                    (last, missing) = (times[^1], 0);
                }
                doubled += rows.Sum(row => (long)row[^2]);
            }
        }
        finally
        {
            foreach (var note in notes)
                note.Dispose();
        }
        return new(runs, lost, doubled, TimeSpan.FromMilliseconds(gap * 10));
    }

    private static BufferedStream Open(string file) =>
        new(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite), 1 << 20);
}

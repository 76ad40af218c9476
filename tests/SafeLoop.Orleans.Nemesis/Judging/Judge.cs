using Nemesis.Judging;

namespace ClusterNemesis.Judging;

/// <summary>
/// The store of the guarded writes, in the driver's process, and the log of all that silos report. They cannot edit either.
/// </summary>
/// <remarks>It accepts a write whose token is not less than the last one, and whose slot is later.</remarks>
internal sealed class Judge : LineServer
{
    private readonly List<Entry> _log = [];
    private readonly Dictionary<string, (long Token, long Slot)> _last = [];

    public Entry[] Log
    {
        get
        {
            lock (_log)
                return [.. _log];
        }
    }

    public void Note(EntryKind kind, string silo, string text, string loop = "")
    {
        lock (_log)
            _log.Add(new Entry(Now, silo, kind, loop, Text: text));
    }

    protected override void Hear(string process, string line)
    {
        var words = line.Split(' ');
        Note(KindOf(words), process, line[(words[0].Length + 1)..]);
    }

    protected override bool Write(string process, string loop, long slot, long token)
    {
        lock (_log)
        {
            var last = _last.GetValueOrDefault(loop);
            var verdict = token < last.Token ? Entry.StaleToken : slot <= last.Slot ? Entry.SlotDone : Entry.Accepted;
            _log.Add(new Entry(Now, process, EntryKind.Write, loop, slot, token, verdict));
            if (verdict is Entry.Accepted)
                _last[loop] = (token, slot);
            return verdict is Entry.Accepted;
        }
    }

    private static EntryKind KindOf(string[] words) => words switch
    {
        ["shard", "ShardLost", ..] => EntryKind.Lost,
        ["shard", ..] => EntryKind.Shard,
        ["started", ..] => EntryKind.Started,
        _ => EntryKind.Outcome,
    };
}

namespace Nemesis.Judging;

/// <summary>
/// The store of the guarded writes, in the driver's process, and the log of all that workers report. They cannot edit either.
/// </summary>
/// <remarks>
/// It accepts a write as docs/locks.md says a store should: a greater token than the last, and of tasks on a calendar a later
/// slot too.
/// </remarks>
internal sealed class Judge(bool checksTokens) : LineServer
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

    public void Note(EntryKind kind, string worker, string text, string task = "")
    {
        lock (_log)
            _log.Add(new Entry(Now, worker, kind, task, Text: text));
    }

    protected override void Hear(string process, string line)
    {
        var words = line.Split(' ');
        if (words[0] == "outcome")
            Add(new Entry(
                Now, process, EntryKind.Outcome, words[1], Number(words[2]), 0,
                string.Join(' ', words[3..5].Concat(words[6..])), Number(words[5])));
        else
            Add(new Entry(Now, process, EntryKind.LoopEnded, words[1], Text: words[2]));
    }

    protected override bool Write(string process, string loop, long slot, long token)
    {
        lock (_log)
        {
            var last = _last.GetValueOrDefault(loop);
            var verdict = checksTokens && token <= last.Token ? Entry.StaleToken
                : Plan.IsCron(loop) && slot <= last.Slot ? Entry.SlotDone
                : Entry.Accepted;
            _log.Add(new Entry(Now, process, EntryKind.Write, loop, slot, token, verdict));
            if (verdict is Entry.Accepted)
                _last[loop] = (token, slot);
            return verdict is Entry.Accepted;
        }
    }

    private void Add(Entry entry)
    {
        lock (_log)
            _log.Add(entry);
    }
}

namespace Nemesis.Judging;

internal enum EntryKind
{
    Write,
    Outcome,
    LoopEnded,
    Fault,
    Recovered,
    Exit,
}

namespace ClusterNemesis.Judging;

internal enum EntryKind
{
    Write,
    Outcome,
    Shard,
    Lost,
    Fault,
    Recovered,
    Started,
    Exit,
}

namespace SafeLoop;

/// <summary>Identifies the loop of a key: its row, and which of the loops that have used the row it is.</summary>
internal readonly record struct LoopId(int Row, int Generation)
{
    public bool IsNone => Generation == 0;
}

namespace SafeLoop;

/// <summary>Identifies the loop of a key by its row and a number that differs for each loop that uses the row.</summary>
internal readonly record struct LoopId(int Row, int Generation)
{
    public bool IsNone => Generation == 0;
}

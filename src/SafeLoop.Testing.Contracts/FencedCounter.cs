namespace SafeLoop.Testing;

/// <summary>
/// A store as fencing tokens are meant for: it remembers the highest it has seen and rejects lower ones.
/// </summary>
internal sealed class FencedCounter
{
    private readonly Lock _gate = new();
    private long _highest;

    public int Value { get; private set; }

    /// <summary>How many updates were accepted; less than that in <see cref="Value"/>, and some were lost.</summary>
    public int Accepted { get; private set; }

    public int? Read(long fence)
    {
        lock (_gate)
        {
            if (fence < _highest)
                return null;
            _highest = fence;
            return Value;
        }
    }

    public void Write(long fence, int value)
    {
        lock (_gate)
        {
            if (fence < _highest)
                return;
            (_highest, Value, Accepted) = (fence, value, Accepted + 1);
        }
    }
}

namespace SafeLoop;

/// <summary>The place of an alarm in a wheel: its neighbours in a bucket. The default is: in none.</summary>
internal struct WheelLinks
{
    /// <summary>Not in the wheel.</summary>
    public const int NotArmed = -1;

    /// <summary>In the wheel, and never due.</summary>
    public const int Forever = -2;

    public int Next;
    public int Previous;

    /// <summary>Two bytes of room, for the owner of the alarm.</summary>
    public ushort Tag;

    private short _bucket; // one more, so that the default is not armed

    public int Bucket
    {
        readonly get => _bucket - 1;
        set => _bucket = (short)(value + 1);
    }
}

namespace SafeLoop;

/// <summary>Links an alarm to its neighbours in a bucket of a timing wheel. The default value is in no wheel.</summary>
internal struct WheelLinks
{
    /// <summary>Not in the wheel.</summary>
    public const int NotArmed = -1;

    /// <summary>In the wheel, and never due.</summary>
    public const int Forever = -2;

    public int Next;
    public int Previous;

    /// <summary>For the owner of the alarm: these two bytes would be padding otherwise.</summary>
    public ushort Tag;

    private short _bucket; // plus one, so that the default is not armed

    public int Bucket
    {
        readonly get => _bucket - 1;
        set => _bucket = (short)(value + 1);
    }
}

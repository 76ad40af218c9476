using System.Runtime.InteropServices;

namespace SafeLoop;

/// <summary>All that a loop has to remember from one iteration to the next: 64 bytes, so that a million parked loops are cheap.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct LoopMemory
{
    /// <summary>From when on the schedule counts.</summary>
    public Instant From;

    /// <summary>The last slot, run or skipped; none before the first.</summary>
    public Instant Slot;

    /// <summary>The last slot the schedule itself chose.</summary>
    public Instant Planned;

    /// <summary>When the last iteration ended, or the last slot was skipped.</summary>
    public Instant Ended;

    /// <summary>The next slot as planned, and when it is due. Only kept up to date while the loop is parked.</summary>
    public Instant NextSlot;
    public Instant NextDue;

    public long Iterations;
    public int ConsecutiveFailures;
    public ParkedAs ParkedAs;
    private byte _outcome;
    private ushort _elapsed; // a logarithm: two bytes suffice for a tenth of a percent

    /// <summary>How the last slot ended; means nothing before the first end.</summary>
    public IterationOutcome Outcome
    {
        readonly get => (IterationOutcome)_outcome;
        set => _outcome = (byte)value;
    }

    /// <summary>How long the last iteration ran, to within a tenth of a percent; zero before the first.</summary>
    public TimeSpan Elapsed
    {
        readonly get => _elapsed == 0 ? TimeSpan.Zero : new((long)double.Exp2((_elapsed - 1) / 1024.0));
        set => _elapsed = value.Ticks <= 0 ? (ushort)0 : (ushort)(1 + Math.Round(1024 * Math.Log2(value.Ticks)));
    }
}

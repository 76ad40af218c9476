using System.Numerics;
using System.Runtime.InteropServices;

namespace SafeLoop;

/// <summary>All that a loop has to remember from one iteration to the next: 64 bytes, so that a million parked loops are cheap.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct LoopMemory
{
    private const int MantissaBits = 10;

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
    private ushort _elapsed; // one more than a number of 6 bits of exponent and 10 of mantissa

    /// <summary>How the last slot ended; means nothing before the first end.</summary>
    public IterationOutcome Outcome
    {
        readonly get => (IterationOutcome)_outcome;
        set => _outcome = (byte)value;
    }

    /// <summary>How long the last iteration ran, to within a tenth of a percent; zero before the first.</summary>
    public TimeSpan Elapsed
    {
        readonly get
        {
            if (_elapsed == 0)
                return TimeSpan.Zero;
            var (exponent, mantissa) = Math.DivRem(_elapsed - 1, 1 << MantissaBits);
            var ticks = (1L << MantissaBits) | (long)mantissa;
            return new(exponent >= MantissaBits ? ticks << (exponent - MantissaBits) : ticks >> (MantissaBits - exponent));
        }

        set
        {
            if (value <= TimeSpan.Zero)
            {
                _elapsed = 0;
                return;
            }
            var exponent = BitOperations.Log2((ulong)value.Ticks);
            var ticks = exponent >= MantissaBits ? value.Ticks >> (exponent - MantissaBits) : value.Ticks << (MantissaBits - exponent);
            _elapsed = (ushort)(1 + (exponent << MantissaBits) + (int)(ticks & ((1 << MantissaBits) - 1)));
        }
    }
}

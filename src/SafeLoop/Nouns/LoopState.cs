using System.Numerics;
using System.Runtime.InteropServices;

namespace SafeLoop;

/// <summary>
/// The complete state of a loop: what has happened and what is planned. A value of 64 bytes, so a million waiting loops are
/// cheap.
/// </summary>
/// <remarks>
/// The <c>Planner</c> writes the plan, the <c>LoopLog</c> the outcomes. <c>LoopStateTests</c> lists everything that writes it.
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
internal record struct LoopState
{
    private const int MantissaBits = 10;

    /// <summary>The instant from which the schedule counts.</summary>
    public Instant From;

    /// <summary>The last slot, run or skipped; none before the first.</summary>
    public Instant Slot;

    /// <summary>The end of the last iteration, or of the last skipped slot; none before the first.</summary>
    public Instant Ended;

    /// <summary>The next slot; never when there is none. On the wall clock when <see cref="IsOnWall"/>.</summary>
    public Instant NextSlot;

    /// <summary>When the next slot is due, after jitter; never until the jitter is drawn.</summary>
    public Instant NextDue;

    /// <summary>The number of iterations that have started.</summary>
    public long Iterations;

    private Instant _plannedOrBegan; // Began is needed only until the schedule has selected its first slot

    /// <summary>The number of iterations in a row that failed or timed out.</summary>
    public int ConsecutiveFailures;

    private ushort _bits;
    private ushort _elapsed; // 1 + a floating-point number with 6 bits of exponent and 10 bits of mantissa; 0 means no duration

    /// <summary>True when the schedule has begun. Before that, no slot is planned.</summary>
    public bool HasBegun
    {
        readonly get => Has(Bits.Begun);
        init => Set(Bits.Begun, value);
    }

    /// <summary>The last slot that the schedule itself selected; none before the first.</summary>
    public Instant Planned
    {
        readonly get => Has(Bits.Planned) ? _plannedOrBegan : Instant.None;
        set
        {
            _plannedOrBegan = value;
            Set(Bits.Planned, !value.IsNone);
        }
    }

    /// <summary>When the schedule began; none after its first slot.</summary>
    public Instant Began
    {
        readonly get => Has(Bits.Planned) ? Instant.None : _plannedOrBegan;
        set
        {
            _plannedOrBegan = value;
            Set(Bits.Planned, false);
        }
    }

    /// <summary>True when the plan is up to date with all events.</summary>
    public bool IsPlanned
    {
        readonly get => Has(Bits.UpToDate);
        set => Set(Bits.UpToDate, value);
    }

    /// <summary>True when the schedule selected the next slot. False: a step did, or it is the start.</summary>
    public bool IsBySchedule
    {
        readonly get => Has(Bits.BySchedule);
        set => Set(Bits.BySchedule, value);
    }

    /// <summary>True when a step selected the next slot.</summary>
    public bool IsChosen
    {
        readonly get => Has(Bits.Chosen);
        set => Set(Bits.Chosen, value);
    }

    /// <summary>True when a step selected an instant of the wall clock.</summary>
    public bool IsOnWall
    {
        readonly get => Has(Bits.OnWall);
        set => Set(Bits.OnWall, value);
    }

    /// <summary>
    /// True when the last result of the delay policy was invalid. The policy is then called again at the next slot.
    /// </summary>
    public bool IsPolicyBroken
    {
        readonly get => Has(Bits.PolicyBroken);
        set => Set(Bits.PolicyBroken, value);
    }

    /// <summary>True when the next slot depends on a running iteration, so that it is not valid yet.</summary>
    public bool IsWithheld
    {
        readonly get => Has(Bits.Withheld);
        set => Set(Bits.Withheld, value);
    }

    /// <summary>True when the loop of a key is paused itself. A pause of its whole task does not count.</summary>
    public bool IsPaused
    {
        readonly get => Has(Bits.Paused);
        set => Set(Bits.Paused, value);
    }

    /// <summary>How the last slot ended; <see cref="IterationOutcome.None"/> before the first.</summary>
    public IterationOutcome Outcome
    {
        readonly get => (IterationOutcome)(_bits & (ushort)Bits.Outcome);
        set => _bits = (ushort)((_bits & ~(ushort)Bits.Outcome) | (ushort)value);
    }

    /// <summary>The duration of the last iteration, to within a tenth of a percent; zero before the first.</summary>
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
            var shift = exponent - MantissaBits;
            var ticks = shift >= 0 ? value.Ticks >> shift : value.Ticks << -shift;
            _elapsed = (ushort)(1 + (exponent << MantissaBits) + (int)(ticks & ((1 << MantissaBits) - 1)));
        }
    }

    /// <summary>Begins the schedule.</summary>
    public void Begin(Instant now, Instant from)
    {
        (Began, From) = (now, from);
        Set(Bits.Begun, true);
        ClearPlan();
    }

    /// <summary>Ends the schedule. It may begin again.</summary>
    public void End()
    {
        Set(Bits.Begun, false);
        ClearPlan();
    }

    /// <summary>Keeps what has happened, so that the schedule begins again as after a restart.</summary>
    /// <param name="last">The slot after which it goes on; none: it begins as new.</param>
    public readonly LoopState WithoutPlan(Instant last) => new()
    {
        Slot = last,
        Ended = Ended,
        Outcome = Outcome,
        Elapsed = Elapsed,
        Iterations = Iterations,
        ConsecutiveFailures = ConsecutiveFailures,
        IsPaused = IsPaused,
    };

    /// <summary>Clears the next slot, whichever source selected it.</summary>
    public void ClearPlan()
    {
        (NextSlot, NextDue) = (Instant.Never, Instant.Never);
        (IsPlanned, IsBySchedule, IsChosen, IsOnWall, IsWithheld) = (false, false, false, false, false);
    }

    private readonly bool Has(Bits bit) => (_bits & (ushort)bit) != 0;

    private void Set(Bits bit, bool value) => _bits = (ushort)(value ? _bits | (ushort)bit : _bits & ~(ushort)bit);

    [Flags]
    private enum Bits : ushort
    {
        Outcome = 7,
        Begun = 8,
        Planned = 16,
        UpToDate = 32,
        BySchedule = 64,
        Chosen = 128,
        OnWall = 256,
        PolicyBroken = 512,
        Withheld = 1024,
        Paused = 2048,
    }
}

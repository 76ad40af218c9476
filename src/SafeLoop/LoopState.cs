using System.Numerics;
using System.Runtime.InteropServices;

namespace SafeLoop;

/// <summary>
/// Everything that a loop must remember: what has happened and what is planned. A value, so it can be compared, stored, restored
/// and moved. 64 bytes, so that a million waiting loops are cheap.
/// </summary>
/// <remarks>Only the <c>Planner</c> writes the plan. Only the <c>LoopLog</c> writes outcomes.</remarks>
[StructLayout(LayoutKind.Auto)]
internal record struct LoopState
{
    private const int MantissaBits = 10;

    /// <summary>The schedule counts from here.</summary>
    public Instant From;

    /// <summary>The last slot, run or skipped; none before the first.</summary>
    public Instant Slot;

    /// <summary>The end of the last iteration, or of the last skipped slot; none before the first.</summary>
    public Instant Ended;

    /// <summary>The next slot; never when there is none. On the wall clock while <see cref="IsOnWall"/>.</summary>
    public Instant NextSlot;

    /// <summary>When the next slot is due, after jitter; never while that has not been drawn.</summary>
    public Instant NextDue;

    /// <summary>The number of iterations that have started.</summary>
    public long Iterations;

    /// <summary>The number of iterations in a row that failed or timed out.</summary>
    public int ConsecutiveFailures;

    private Instant _plannedOrBegan; // the beginning matters only until the schedule's first slot
    private ushort _bits;
    private ushort _elapsed; // one more than a number of 6 bits of exponent and 10 of mantissa

    /// <summary>True when the schedule has begun. Before that, no slot is planned.</summary>
    public bool HasBegun
    {
        readonly get => Has(Bits.Begun);
        private set => Set(Bits.Begun, value);
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

    /// <summary>True when the plan takes into account all that has happened.</summary>
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

    /// <summary>True when the delay policy's last answer was unusable. The next slot is then when the loop asks again.</summary>
    public bool IsPolicyBroken
    {
        readonly get => Has(Bits.PolicyBroken);
        set => Set(Bits.PolicyBroken, value);
    }

    /// <summary>True when the next slot depends on an iteration that is running, so that it does not count yet.</summary>
    public bool IsWithheld
    {
        readonly get => Has(Bits.Withheld);
        set => Set(Bits.Withheld, value);
    }

    /// <summary>True when the loop of a key was paused individually, not with its whole task.</summary>
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
            var ticks = exponent >= MantissaBits ? value.Ticks >> (exponent - MantissaBits) : value.Ticks << (MantissaBits - exponent);
            _elapsed = (ushort)(1 + (exponent << MantissaBits) + (int)(ticks & ((1 << MantissaBits) - 1)));
        }
    }

    /// <summary>Begins the schedule, which has had no slot yet.</summary>
    public void Begin(Instant now, Instant from)
    {
        (Began, From, HasBegun) = (now, from, true);
        ForgetPlan();
    }

    /// <summary>Ends the schedule, which may begin again.</summary>
    public void End()
    {
        HasBegun = false;
        ForgetPlan();
    }

    /// <summary>Forgets the next slot, whoever selected it.</summary>
    public void ForgetPlan()
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

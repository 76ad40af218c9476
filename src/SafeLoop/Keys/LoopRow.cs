using System.Runtime.InteropServices;

namespace SafeLoop;

/// <summary>
/// A waiting loop of one key: its state and its links in the timing wheel. It takes 88 bytes and holds no reference, so the
/// garbage collector does not visit the rows of a million waiting loops.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LoopRow
{
    private const int StateBits = 3, EndBits = 4;
    private const int FromSourceBit = 1 << (StateBits + EndBits), CanStartBit = FromSourceBit << 1;
    private const int AttachedBit = CanStartBit << 1;
    private const int DefinitionShift = StateBits + EndBits + 3;

    /// <summary>The maximum number of definitions, for which a row has bits.</summary>
    public const int MostDefinitions = 1 << (32 - DefinitionShift);

    /// <summary>The state of the loop; up to date while the loop is parked.</summary>
    public LoopState Saved;

    public WheelLinks Links;

    /// <summary>The low 32 bits of the tick at which the loop is due. The wheel derives the rest from its position.</summary>
    public uint Tick;

    /// <summary>Distinguishes the loops that use this row one after the other. Zero: the row is free.</summary>
    public int Generation;

    private int _bits;

    public KeyedLoopState State
    {
        readonly get => (KeyedLoopState)(_bits & ((1 << StateBits) - 1));
        set => _bits = (_bits & ~((1 << StateBits) - 1)) | (int)value;
    }

    /// <summary>Why it ended; null while it has not.</summary>
    public LoopEnd? End
    {
        readonly get => ((_bits >> StateBits) & ((1 << EndBits) - 1)) is > 0 and var end ? (LoopEnd)(end - 1) : null;
        set => _bits = (_bits & ~(((1 << EndBits) - 1) << StateBits)) | (value is { } end ? ((int)end + 1) << StateBits : 0);
    }

    /// <summary>True when the source of keys added the key. The source then also removes it.</summary>
    public bool IsFromSource
    {
        readonly get => (_bits & FromSourceBit) != 0;
        set => _bits = value ? _bits | FromSourceBit : _bits & ~FromSourceBit;
    }

    /// <summary>True when the host has started and the previous loop of the same key has ended.</summary>
    public bool CanStart
    {
        readonly get => (_bits & CanStartBit) != 0;
        set => _bits = value ? _bits | CanStartBit : _bits & ~CanStartBit;
    }

    /// <summary>True when it is attached to a runner. Then it is not in the wheel.</summary>
    public bool IsAttached
    {
        readonly get => (_bits & AttachedBit) != 0;
        set => _bits = value ? _bits | AttachedBit : _bits & ~AttachedBit;
    }

    /// <summary>The number of its definition in <see cref="KeyDefinitionSlots"/>; zero: none.</summary>
    public int Definition
    {
        readonly get => _bits >>> DefinitionShift;
        set => _bits = (_bits & ((1 << DefinitionShift) - 1)) | (value << DefinitionShift);
    }

    /// <summary>The version of the plan: a plan made for an older version is discarded.</summary>
    public ushort Version
    {
        readonly get => Links.Tag;
        set => Links.Tag = value;
    }
}

using System.Text;

namespace SafeLoop;

/// <summary>Reads what a <see cref="ShardWriter"/> has written. The bytes are not trusted.</summary>
/// <remarks>Each member throws <see cref="InvalidDataException"/> where the bytes cannot be what was written.</remarks>
internal ref struct ShardReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _left = bytes;

    /// <summary>The ticks of the instant near which the others are.</summary>
    public long Base { get; set; }

    public byte ReadByte() => Take(1)[0];

    public long ReadNumber()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = ReadByte();
            if (shift == 63 && next > 1)
                break;
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return (long)value;
        }
        throw Damaged("a number is too long");
    }

    /// <summary>Reads a number that is not negative.</summary>
    public long ReadCount() => ReadNumber() is >= 0 and var value ? value : throw Damaged("a number is negative");

    public int ReadInt32() => ReadCount() is <= int.MaxValue and var value ? (int)value : throw Damaged("a number is too large");

    /// <summary>Reads how many items follow, which cannot be more than the bytes that are left allow.</summary>
    public int ReadCount(int shortest) =>
        ReadInt32() is var count && count <= _left.Length / shortest ? count : throw Damaged($"it names {count:N0} loops");

    public string ReadText() => Encoding.UTF8.GetString(Take(ReadInt32()));

    public Instant ReadInstant()
    {
        var value = ReadNumber();
        if (value is 0 or 1)
            return value == 0 ? Instant.None : Instant.Never;
        var coded = (ulong)(value - 2);
        var distance = (long)(coded >> 1) ^ -(long)(coded & 1);
        var ticks = unchecked(Base + distance);
        return ticks > 0 && ticks < Instant.Never.UtcTicks ? new(ticks) : throw Damaged("an instant does not exist");
    }

    /// <summary>Reads a value of an enumeration: 0 is none, and else the value is one less than what is written.</summary>
    public TEnum? ReadEnum<TEnum>()
        where TEnum : struct, Enum
    {
        var number = ReadByte();
        if (number == 0)
            return null;
        var value = (TEnum)Enum.ToObject(typeof(TEnum), number - 1);
        return Enum.IsDefined(value) ? value : throw Damaged($"there is no {typeof(TEnum).Name} {number - 1}");
    }

    public void Skip(int count) => Take(count);

    public readonly void ThrowUnlessAtEnd()
    {
        if (_left.Length > 0)
            throw Damaged($"{_left.Length:N0} bytes are left over");
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _left.Length)
            throw Damaged("it ends too early");
        var taken = _left[..count];
        _left = _left[count..];
        return taken;
    }

    private static InvalidDataException Damaged(string how) => new($"The state of the shard is damaged: {how}.");
}

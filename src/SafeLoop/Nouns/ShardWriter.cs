using System.Buffers;
using System.Text;

namespace SafeLoop;

/// <summary>Writes numbers, texts and instants as few bytes.</summary>
/// <param name="near">The instant near which most others are.</param>
internal sealed class ShardWriter(Instant near)
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public void WriteByte(byte value)
    {
        _bytes.GetSpan(1)[0] = value;
        _bytes.Advance(1);
    }

    /// <summary>Writes a number with 7 bits a byte. Negative numbers take ten bytes.</summary>
    public void WriteNumber(long value)
    {
        for (var left = (ulong)value; ; left >>= 7)
        {
            if (left < 0x80)
            {
                WriteByte((byte)left);
                return;
            }
            WriteByte((byte)(left | 0x80));
        }
    }

    public void WriteText(string value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        WriteNumber(length);
        Encoding.UTF8.GetBytes(value, _bytes.GetSpan(length));
        _bytes.Advance(length);
    }

    /// <summary>Writes 0 for none, 1 for never, and else 2 more than the distance, whose last bit is its sign.</summary>
    public void WriteInstant(Instant value)
    {
        var distance = value.UtcTicks - near.UtcTicks;
        WriteNumber(value.IsNone ? 0 : value.IsNever ? 1 : ((distance << 1) ^ (distance >> 63)) + 2);
    }

    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();
}

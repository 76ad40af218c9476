using System.Buffers.Binary;

namespace SafeLoop;

/// <summary>
/// The state of the loops of a shard with the watermark at which it was given away. A state in the store that belongs to another
/// watermark than that of its row is stale: an owner has run the loops since.
/// </summary>
internal static class GivenMemory
{
    public static byte[]? Wrap(byte[]? memory, DateTimeOffset? watermark)
    {
        if (memory is null)
            return null;
        var bytes = new byte[sizeof(long) + memory.Length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, watermark?.UtcTicks ?? 0);
        memory.CopyTo(bytes, sizeof(long));
        return bytes;
    }

    /// <returns>Null: there is none, or it is stale.</returns>
    public static byte[]? Unwrap(byte[]? bytes, DateTimeOffset? watermark) =>
        bytes is { Length: >= sizeof(long) }
            && BinaryPrimitives.ReadInt64LittleEndian(bytes) == (watermark?.UtcTicks ?? 0)
            ? bytes[sizeof(long)..]
            : null;
}

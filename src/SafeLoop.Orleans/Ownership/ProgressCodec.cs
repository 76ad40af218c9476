namespace SafeLoop;

/// <summary>Writes how far the shards of a host have come as few bytes, some ten for each shard.</summary>
/// <remarks>
/// <code>
///   version │ base instant │ number of tasks │ task: name │ number of shards │ shard: index, epoch, watermark
/// </code>
/// Numbers have 7 bits a byte. Indexes, epochs and watermarks are distances from the one before.
/// </remarks>
internal static class ProgressCodec
{
    public const byte Version = 1;

    private const int ShortestTask = 2, ShortestShard = 3; // one byte for each of their fields

    public static byte[] Write(IReadOnlyList<StoredProgress> shards)
    {
        var start = shards.Count == 0 ? Instant.None : shards.Min(static shard => shard.Watermark);
        var writer = new ShardWriter(start);
        writer.WriteByte(Version);
        writer.WriteNumber(start.UtcTicks);
        var tasks = shards.GroupBy(static shard => shard.Id.Task).ToArray();
        writer.WriteNumber(tasks.Length);
        foreach (var task in tasks)
        {
            writer.WriteText(task.Key);
            writer.WriteNumber(task.Count());
            var (index, epoch) = (0L, 0L);
            foreach (var shard in task.OrderBy(static shard => shard.Id.Index))
            {
                writer.WriteNumber(shard.Id.Index - index);
                writer.WriteNumber(Fold(shard.Epoch - epoch));
                writer.WriteInstant(shard.Watermark);
                (index, epoch) = (shard.Id.Index, shard.Epoch);
            }
        }
        return writer.ToArray();
    }

    /// <summary>Reads what <see cref="Write"/> of this version or an older one has written.</summary>
    /// <exception cref="InvalidDataException">The bytes are damaged, or a newer version has written them.</exception>
    public static IReadOnlyList<StoredProgress> Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new ShardReader(bytes);
        if (reader.ReadByte() is var version && version != Version)
        {
            throw new InvalidDataException(
                $"The progress of a host was written in format {version}, and this version reads {Version}.");
        }
        reader.Base = reader.ReadNumber();
        var shards = new List<StoredProgress>();
        for (var tasks = reader.ReadCount(ShortestTask); tasks > 0; tasks--)
        {
            var (name, index, epoch) = (reader.ReadText(), 0L, 0L);
            for (var count = reader.ReadCount(ShortestShard); count > 0; count--)
            {
                index += reader.ReadInt32();
                epoch = unchecked(epoch + Unfold(reader.ReadNumber()));
                var watermark = reader.ReadInstant();
                if (index > int.MaxValue || watermark.IsNone || watermark.IsNever)
                    throw new InvalidDataException("The progress of a host is damaged: it names a shard that does not exist.");
                shards.Add(new(new(name, (int)index), epoch, watermark.ToDateTimeOffset()));
            }
        }
        reader.ThrowUnlessAtEnd();
        return shards;
    }

    // The sign is the last bit, so that small negative numbers are short, too.
    private static long Fold(long value) => (value << 1) ^ (value >> 63);

    private static long Unfold(long value) => (long)((ulong)value >> 1) ^ -(value & 1);
}

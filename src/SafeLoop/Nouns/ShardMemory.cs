namespace SafeLoop;

/// <summary>The loops of a shard, as one host hands them over to another, as bytes.</summary>
/// <param name="Schedule">The schedule by which the loops were planned, in words.</param>
/// <param name="Loops">The loops.</param>
/// <remarks>
/// <code>
///   version │ base instant │ schedule │ number of loops │ loop, loop, …
///   loop: key │ flags │ outcome, end │ instants │ iterations, failures, elapsed │ pause
/// </code>
/// Numbers have 7 bits a byte. An instant is its distance from the base. A host reads what older versions have written. For
/// bytes of a newer version it throws, and its loops then go on from the watermark of the shard.
/// </remarks>
internal sealed record ShardMemory(string Schedule, IReadOnlyList<LoopMemory> Loops)
{
    public const byte Version = 1;

    private const int ShortestLoop = 14; // one byte for each of its fields

    [Flags]
    private enum Flags : ushort
    {
        Begun = 1,
        Planned = 2,
        UpToDate = 4,
        BySchedule = 8,
        Chosen = 16,
        OnWall = 32,
        PolicyBroken = 64,
        Withheld = 128,
        Paused = 256,
        AddedByHand = 512,
        HasPause = 1024,
    }

    /// <summary>Writes the loops.</summary>
    /// <param name="now">The present, near which most instants are.</param>
    public byte[] Write(Instant now)
    {
        var writer = new ShardWriter(now);
        writer.WriteByte(Version);
        writer.WriteNumber(now.UtcTicks);
        writer.WriteText(Schedule);
        writer.WriteNumber(Loops.Count);
        foreach (var loop in Loops)
            Write(writer, loop);
        return writer.ToArray();
    }

    /// <summary>Reads what <see cref="Write(Instant)"/> of this version or an older one has written.</summary>
    /// <exception cref="InvalidDataException">The bytes are damaged, or a newer version has written them.</exception>
    public static ShardMemory Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new ShardReader(bytes);
        if (reader.ReadByte() is var version && version != Version)
        {
            throw new InvalidDataException(version > Version
                ? $"The state of the shard was written in format {version}, and this version of SafeLoop reads up to {Version}."
                : $"The state of the shard is damaged: there is no format {version}.");
        }
        reader.Base = reader.ReadNumber();
        var schedule = reader.ReadText();
        var count = reader.ReadCount(ShortestLoop);
        var loops = new List<LoopMemory>(count);
        while (loops.Count < count)
            loops.Add(ReadLoop(ref reader));
        reader.ThrowUnlessAtEnd();
        return new(schedule, loops);
    }

    private static void Write(ShardWriter writer, LoopMemory loop)
    {
        var state = loop.State;
        writer.WriteText(loop.Key);
        writer.WriteNumber((long)FlagsOf(loop));
        writer.WriteByte((byte)(state.Outcome + 1));
        writer.WriteByte((byte)(loop.End is { } end ? (int)end + 1 : 0));
        writer.WriteInstant(state.From);
        writer.WriteInstant(state.Slot);
        writer.WriteInstant(state.Ended);
        writer.WriteInstant(state.NextSlot);
        writer.WriteInstant(state.NextDue);
        writer.WriteInstant(state.Planned.IsNone ? state.Began : state.Planned);
        writer.WriteNumber(state.Iterations);
        writer.WriteNumber(state.ConsecutiveFailures);
        writer.WriteNumber(state.Elapsed.Ticks);
        writer.WriteByte(0); // the length of fields that a later version may add
        if (loop.Pause is not { } pause)
            return;
        writer.WriteText(pause.Reason);
        writer.WriteText(pause.By ?? "");
        writer.WriteInstant(pause.Since);
        writer.WriteInstant(pause.Until ?? Instant.None);
    }

    private static LoopMemory ReadLoop(ref ShardReader reader)
    {
        var key = reader.ReadText();
        var flags = (Flags)reader.ReadNumber();
        bool has(Flags flag) => (flags & flag) != 0;
        var (outcome, end) = (reader.ReadEnum<IterationOutcome>(), reader.ReadEnum<LoopEnd>());
        var state = new LoopState
        {
            From = reader.ReadInstant(),
            Slot = reader.ReadInstant(),
            Ended = reader.ReadInstant(),
            NextSlot = reader.ReadInstant(),
            NextDue = reader.ReadInstant(),
            HasBegun = has(Flags.Begun),
            IsPlanned = has(Flags.UpToDate),
            IsBySchedule = has(Flags.BySchedule),
            IsChosen = has(Flags.Chosen),
            IsOnWall = has(Flags.OnWall),
            IsPolicyBroken = has(Flags.PolicyBroken),
            IsWithheld = has(Flags.Withheld),
            IsPaused = has(Flags.Paused),
            Outcome = outcome.GetValueOrDefault(),
        };
        var plannedOrBegan = reader.ReadInstant();
        if (has(Flags.Planned))
            state.Planned = plannedOrBegan;
        else
            state.Began = plannedOrBegan;
        state.Iterations = reader.ReadCount();
        state.ConsecutiveFailures = reader.ReadInt32();
        state.Elapsed = new(reader.ReadCount());
        reader.Skip(reader.ReadByte());
        return new(key, state)
        {
            End = end,
            IsAddedByHand = has(Flags.AddedByHand),
            Pause = has(Flags.HasPause) ? ReadPause(ref reader) : null,
        };
    }

    private static TaskPause ReadPause(ref ShardReader reader) => new()
    {
        Reason = reader.ReadText(),
        By = reader.ReadText() is { Length: > 0 } by ? by : null,
        Since = reader.ReadInstant().ToDateTimeOffset(),
        Until = reader.ReadInstant().ToNullable(),
    };

    private static Flags FlagsOf(LoopMemory loop)
    {
        var state = loop.State;
        return (state.HasBegun ? Flags.Begun : 0) | (state.Planned.IsNone ? 0 : Flags.Planned)
            | (state.IsPlanned ? Flags.UpToDate : 0) | (state.IsBySchedule ? Flags.BySchedule : 0)
            | (state.IsChosen ? Flags.Chosen : 0) | (state.IsOnWall ? Flags.OnWall : 0)
            | (state.IsPolicyBroken ? Flags.PolicyBroken : 0) | (state.IsWithheld ? Flags.Withheld : 0)
            | (state.IsPaused ? Flags.Paused : 0) | (loop.IsAddedByHand ? Flags.AddedByHand : 0)
            | (loop.Pause is null ? 0 : Flags.HasPause);
    }
}

using CsCheck;

namespace SafeLoop.Tests.Shards;

/// <summary>Another host reads unchanged what one host hands over. Bytes that no host can have written are refused.</summary>
public class ShardMemoryTests
{
    private static readonly Instant Now = LoopHost.Start;

    private static readonly Gen<Instant> Instants = Gen.OneOf(
        Gen.Const(Instant.None),
        Gen.Const(Instant.Never),
        Gen.Long[1, Instant.Never.UtcTicks - 1].Select(ticks => new Instant(ticks)),
        Gen.Long[-100_000_000, 100_000_000].Select(ticks => new Instant(Now.UtcTicks + ticks)));

    private static readonly Gen<TaskPause?> Pauses = Gen.Select(Gen.Bool, Gen.String, Gen.DateTimeOffset, Gen.Bool).Select(
        (isPaused, text, since, isByHand) => !isPaused ? null : new TaskPause
        {
            Reason = Utf8(text),
            By = isByHand ? "ops" : null,
            Since = since.ToUniversalTime() is { Ticks: > 0 } utc ? utc : LoopHost.Start,
            Until = isByHand ? LoopHost.Start : null,
        });

    private static readonly Gen<LoopState> States = Gen.Select(
        Gen.Select(Instants, Instants, Instants, Instants),
        Gen.Select(Instants, Instants, Gen.Bool),
        Gen.Select(Gen.Long[0, long.MaxValue], Gen.Int[0, int.MaxValue], Gen.Long[0, TimeSpan.MaxValue.Ticks]),
        Gen.Select(Gen.Int[0, 255], Gen.Enum<IterationOutcome>())).Select(
        (past, plan, counts, rest) =>
        {
            var (number, outcome) = rest;
            bool[] bits = [.. Enumerable.Range(0, 8).Select(bit => (number & (1 << bit)) != 0)];
            var state = new LoopState
            {
                From = past.Item1, Slot = past.Item2, Ended = past.Item3, NextSlot = past.Item4, NextDue = plan.Item1,
                Iterations = counts.Item1, ConsecutiveFailures = counts.Item2, Elapsed = new(counts.Item3), Outcome = outcome,
                HasBegun = bits[0], IsPlanned = bits[1], IsBySchedule = bits[2], IsChosen = bits[3], IsOnWall = bits[4],
                IsPolicyBroken = bits[5], IsWithheld = bits[6], IsPaused = bits[7],
            };
            if (plan.Item3)
                state.Planned = plan.Item2;
            else
                state.Began = plan.Item2;
            return state;
        });

    private static readonly Gen<LoopMemory> Loops =
        Gen.Select(Gen.String, States, Pauses, Gen.Bool, Gen.Enum<LoopEnd>(), Gen.Bool).Select(
            (key, state, pause, isByHand, end, hasEnded) => new LoopMemory(Utf8(key), state)
            {
                Pause = pause, IsAddedByHand = isByHand, End = hasEnded ? end : null,
            });

    [Fact]
    public void Any_state_of_any_loop_arrives_unchanged() => Gen.Select(Gen.String, Loops.List[0, 20]).Sample((schedule, loops) =>
    {
        var read = ShardMemory.Read(new ShardMemory(Utf8(schedule), loops).Write(Now));

        Assert.Equal(Utf8(schedule), read.Schedule);
        Assert.Equal(loops, read.Loops);
    });

    [Fact]
    public void Damaged_bytes_are_refused_by_one_exception() =>
        Gen.Select(Loops.List[1, 5], Gen.Int[0, 1000], Gen.Byte, Gen.Int[0, 3]).Sample((loops, at, value, kind) =>
        {
            var bytes = new ShardMemory("00:00:10", loops).Write(Now);
            var damaged = kind switch
            {
                0 => bytes[..(at % bytes.Length)],
                1 => [.. bytes, value],
                _ => [.. bytes[..(at % bytes.Length)], value, .. bytes[((at % bytes.Length) + 1)..]],
            };
            ReadOrRefuse(damaged);
        });

    [Fact]
    public void Any_bytes_are_read_or_refused_by_one_exception() => Gen.Byte.Array[0, 200].Sample(bytes =>
    {
        ReadOrRefuse(bytes);
        ReadOrRefuse([ShardMemory.Version, .. bytes]);
    });

    [Fact]
    public void A_count_that_the_bytes_cannot_hold_allocates_nothing()
    {
        byte[] bytes = [ShardMemory.Version, 0, 0, 0xff, 0xff, 0xff, 0x7f, .. new byte[1000]];
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<InvalidDataException>(() => ShardMemory.Read(bytes));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public void A_newer_format_is_named_in_a_sentence()
    {
        var bytes = new ShardMemory("00:00:10", []).Write(Now);
        bytes[0] = 2;

        var error = Assert.Throws<InvalidDataException>(() => ShardMemory.Read(bytes));
        Assert.Equal(
            "The state of the shard was written in format 2, and this version of SafeLoop reads up to 1.", error.Message);
    }

    // Written by the first version. Later versions must read it: hosts of both run side by side during an upgrade.
    [Fact]
    public void The_first_format_stays_readable()
    {
        var state = new LoopState
        {
            From = Now, Slot = Now + TimeSpan.FromSeconds(10), Planned = Now + TimeSpan.FromSeconds(10), HasBegun = true,
            Ended = Now + TimeSpan.FromSeconds(11), NextSlot = Now + TimeSpan.FromSeconds(20),
            NextDue = Now + TimeSpan.FromSeconds(20), IsPlanned = true, IsBySchedule = true, Iterations = 300,
            ConsecutiveFailures = 2, Outcome = IterationOutcome.Failed, Elapsed = TimeSpan.FromSeconds(1),
        };
        var memory = new ShardMemory("00:00:10 spread", [new("Gerät-7", state) { End = LoopEnd.Failures }]);

        Assert.Equal(First, Convert.ToHexString(memory.Write(Now)));
        Assert.Equal(memory.Loops, ShardMemory.Read(Convert.FromHexString(First)).Loops);
    }

    private const string First =
        "018080E0A78B9992EF080F30303A30303A3130207370726561640108476572C3A4742D370F0305028284AF5F82DEF3688288"
        + "DEBE018288DEBE018284AF5FAC02028080E20400";

    private static string Utf8(string text) => new([.. text.Where(character => !char.IsSurrogate(character))]);

    private static void ReadOrRefuse(byte[] bytes)
    {
        try
        {
            _ = ShardMemory.Read(bytes);
        }
        catch (InvalidDataException)
        {
        }
    }
}

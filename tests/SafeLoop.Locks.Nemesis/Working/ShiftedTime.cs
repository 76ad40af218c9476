namespace Nemesis.Working;

/// <summary>A clock that somebody sets: its wall clock is wrong by what the driver says, its timestamps are not.</summary>
internal sealed class ShiftedTime(TimeSpan shift) : TimeProvider
{
    private long _shift = shift.Ticks;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Volatile.Read(ref _shift));

    public void Set(TimeSpan to) => Volatile.Write(ref _shift, to.Ticks);
}

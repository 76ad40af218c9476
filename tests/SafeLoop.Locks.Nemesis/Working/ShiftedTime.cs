namespace Nemesis.Working;

/// <summary>A clock whose wall clock the driver sets. Its timestamps stay correct.</summary>
internal class ShiftedTime(TimeSpan shift) : TimeProvider
{
    private long _shift = shift.Ticks;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Volatile.Read(ref _shift));

    public void Set(TimeSpan to) => Volatile.Write(ref _shift, to.Ticks);
}

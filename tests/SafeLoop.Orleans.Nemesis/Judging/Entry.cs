namespace ClusterNemesis.Judging;

/// <summary>A line of the log, on the driver's clock.</summary>
/// <param name="At">Since the run began, on the driver's monotonic clock.</param>
/// <param name="Silo">The silo's name with the number of its life: "s3.2".</param>
/// <param name="Kind">What happened.</param>
/// <param name="Loop">To which loop.</param>
/// <param name="Slot">The slot, in ticks; 0: none.</param>
/// <param name="Token">The epoch of a write; 0: none.</param>
/// <param name="Text">The verdict over the write, or what happened.</param>
internal sealed record Entry(
    TimeSpan At, string Silo, EntryKind Kind, string Loop, long Slot = 0, long Token = 0, string Text = "")
{
    public const string Accepted = "accepted", StaleToken = "stale-token", SlotDone = "slot-done", Stopped = "SIGTERM";

    public override string ToString() => FormattableString.Invariant(
        $"{At.TotalSeconds:000.000} {Silo} {Kind} {Loop} slot={new DateTime(Slot):HH:mm:ss.fff} token={Token} {Text}");
}

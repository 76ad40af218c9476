namespace Nemesis.Judging;

/// <summary>A line of the log, on the driver's clock.</summary>
/// <param name="At">Since the run began, on the driver's monotonic clock.</param>
/// <param name="Worker">The worker's name with the number of its life: "w3.2".</param>
/// <param name="Kind">What happened.</param>
/// <param name="Task">To which task.</param>
/// <param name="Slot">The slot, in ticks; 0: none.</param>
/// <param name="Token">The fencing token of a write; 0: none.</param>
/// <param name="Text">The outcome, or whether the write was accepted.</param>
/// <param name="Count">How many slots an outcome stands for.</param>
internal sealed record Entry(
    TimeSpan At, string Worker, EntryKind Kind, string Task, long Slot = 0, long Token = 0, string Text = "", long Count = 1)
{
    public const string Accepted = "accepted", StaleToken = "stale-token", SlotDone = "slot-done", Killed = "SIGKILL";

    public override string ToString() => FormattableString.Invariant(
        $"{At.TotalSeconds:000.000} {Worker} {Kind} {Task} slot={Slot} token={Token} {Text} ×{Count}");
}

namespace SafeLoop;

/// <summary>A time of a schedule that daylight saving keeps from being a slot.</summary>
/// <param name="Local">The local time, in ticks.</param>
/// <param name="Reason">
/// <see cref="DaylightReason.ShiftedToGapEnd"/>: the clock skips it. <see cref="DaylightReason.FirstPass"/> and
/// <see cref="DaylightReason.SecondPass"/>: it occurs twice, and this is the pass in which it does not run.
/// </param>
/// <param name="RunsAt">The instant at which it runs instead (UTC ticks); null: it does not run.</param>
internal readonly record struct DroppedTime(long Local, DaylightReason Reason, long? RunsAt);

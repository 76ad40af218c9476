namespace SafeLoop;

/// <summary>A slot whose iteration is running, on the loop's clock.</summary>
/// <param name="Slot">The slot.</param>
/// <param name="Started">When it started.</param>
/// <param name="Activity">The step or the call that it is in.</param>
/// <param name="IsManual">True for a run by hand.</param>
internal readonly record struct RunningSlot(Instant Slot, Instant Started, string Activity, bool IsManual);

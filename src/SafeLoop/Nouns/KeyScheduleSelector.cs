namespace SafeLoop;

/// <summary>Selects the schedule of a key. Calls the user's code, which may throw or return anything.</summary>
/// <param name="verb">The verb the user called, for error texts.</param>
/// <param name="retry">The schedule by which a key without a valid schedule runs and fails.</param>
internal abstract class KeyScheduleSelector(string verb, KeySchedule retry)
{
    public string Verb => verb;

    public KeySchedule Retry => retry;

    public bool IsCron => retry.Cron is not null;

    public abstract KeySchedule Select(IKeyed loop);
}

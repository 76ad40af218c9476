namespace SafeLoop;

/// <summary>Selects the schedule of a key. Calls the user's code, which may throw and return anything.</summary>
/// <param name="verb">How the user wrote it.</param>
/// <param name="retry">By which a key runs, and fails, while it has no schedule.</param>
internal abstract class KeyScheduleSelector(string verb, KeySchedule retry)
{
    public string Verb => verb;

    public KeySchedule Retry => retry;

    public bool IsCron => retry.Cron is not null;

    public abstract KeySchedule Select(IKeyed loop);
}

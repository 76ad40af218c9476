namespace SafeLoop;

/// <summary>Selects the schedule of a key of this type.</summary>
internal sealed class KeyScheduleSelector<TKey>(string verb, KeySchedule retry, Func<TKey, KeySchedule> select)
    : KeyScheduleSelector(verb, retry)
    where TKey : notnull
{
    public override KeySchedule Select(IKeyed loop) => select(((IKeyed<TKey>)loop).Key);
}

namespace SafeLoop;

/// <summary>A circular linked list of alarms, first in first out. Any alarm can be removed in constant time.</summary>
/// <remarks>A struct, because storing into an array of an unsealed class checks the type each time.</remarks>
internal struct AlarmQueue
{
    public Alarm? First { get; private set; }

    public void Append(Alarm alarm)
    {
        if (First is not { } first)
        {
            First = alarm.Next = alarm.Previous = alarm;
            return;
        }
        var last = first.Previous!;
        (alarm.Previous, alarm.Next) = (last, first);
        last.Next = first.Previous = alarm;
    }

    public void Remove(Alarm alarm)
    {
        var next = alarm.Next!;
        if (First == alarm)
            First = next == alarm ? null : next;
        next.Previous = alarm.Previous;
        alarm.Previous!.Next = next;
        alarm.Next = alarm.Previous = null; // so that an alarm that is not armed keeps no other alive
    }
}

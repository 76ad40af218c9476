namespace SafeLoop;

/// <summary>The alarms that are armed: their places in the wheel, and the objects to ring.</summary>
/// <remarks>
/// An alarm has a place only while it is armed. Places are reused, so arming allocates only when more alarms are armed than
/// ever before. Not thread-safe: used under the lock of the pacemaker.
/// </remarks>
internal sealed class ArmedAlarms
{
    private const int FirstCapacity = 16;

    private Place[] _places = new Place[FirstCapacity];
    private int _used = 1; // zero is no place
    private int _free;     // the first of the free places, linked by Next

    /// <summary>The wheel's view.</summary>
    public Nodes ForWheel => new(this);

    public Alarm this[int place] => _places[place].Alarm!;

    public int Add(Alarm alarm)
    {
        var place = _free;
        if (place != 0)
        {
            _free = _places[place].Links.Next;
        }
        else
        {
            if (_used == _places.Length)
                Array.Resize(ref _places, _places.Length * 2);
            place = _used++;
        }
        _places[place].Alarm = alarm;
        return place;
    }

    public void Remove(int place)
    {
        _places[place].Alarm = null;
        _places[place].Links.Next = _free;
        _free = place;
    }

    internal readonly struct Nodes(ArmedAlarms alarms) : IWheelNodes
    {
        public ref WheelLinks Links(int node) => ref alarms._places[node].Links;

        public long TickOf(int node, long position) => alarms._places[node].Tick;

        public void SetTick(int node, long tick) => alarms._places[node].Tick = tick;
    }

    private struct Place
    {
        public Alarm? Alarm;
        public long Tick;
        public WheelLinks Links;
    }
}

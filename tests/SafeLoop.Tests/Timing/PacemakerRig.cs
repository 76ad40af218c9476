namespace SafeLoop.Tests.Timing;

/// <summary>A pacemaker whose workers run when the test says so, on the test's thread.</summary>
internal sealed class PacemakerRig
{
    private readonly Queue<IThreadPoolWorkItem> _workers = new();

    public PacemakerRig(TimeProvider clock, TimeSpan rest = default) =>
        Pacemaker = new Pacemaker(clock, _workers.Enqueue) { CoalescingInterval = rest };

    public Pacemaker Pacemaker { get; }
    public List<string> Rung { get; } = [];
    public int WorkersWaiting => _workers.Count;

    public void RunWorkers()
    {
        while (_workers.TryDequeue(out var worker))
            worker.Execute();
    }

    public void RunOneWorker() => _workers.Dequeue().Execute();

    public RecordingAlarm Arm(string name, TimeSpan wait) => Arm(new RecordingAlarm(name, this), wait);

    public RecordingAlarm Arm(RecordingAlarm alarm, TimeSpan wait)
    {
        Pacemaker.Arm(alarm, DueIn(wait));
        return alarm;
    }

    public long DueIn(TimeSpan wait) =>
        Pacemaker.Time.GetTimestamp() + (long)(wait.TotalSeconds * Pacemaker.Time.TimestampFrequency);
}

internal sealed class RecordingAlarm(string name, PacemakerRig rig) : Alarm
{
    public Action? OnRing { get; set; }

    protected internal override void Ring()
    {
        rig.Rung.Add(name);
        OnRing?.Invoke();
    }
}

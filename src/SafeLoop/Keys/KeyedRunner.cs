namespace SafeLoop;

/// <summary>A runner that is lent to one loop of a keyed task after the other, each as long as it has something to do.</summary>
/// <remarks>
/// A loop that does something needs a runner of a few kilobytes, a parked one needs 130 bytes. So the loops of a keyed task
/// share the few runners that are busy at a time: when its alarm rings, a parked loop goes on in whichever runner is free.
/// </remarks>
internal sealed class KeyedRunner(KeyedLoops all, LoopEnvironment environment)
    : LoopRunner(all.Task, new LoopLog(all.Name, 1, environment.Observers), environment, all.Clock, () => all.Paused)
{
    private volatile bool _isLent = true;
    private KeyedLoop? _loop;
    private KeyedLoop? _offered;

    /// <summary>It is given back when its loop is parked.</summary>
    public bool IsLent => _isLent;

    /// <summary>Its loop may run; else it waits for its turn. Changes under the lock of its loop.</summary>
    public bool HasPlace { get; set; }

    /// <summary>It runs loops of this task.</summary>
    public bool IsOf(KeyedLoops task) => all == task;

    /// <summary>Is lent to this loop, and turns to it when it looks.</summary>
    public void Offer(KeyedLoop loop) => Volatile.Write(ref _offered, loop);

    /// <summary>Starts with this loop, and stays with it.</summary>
    public void StartWith(KeyedLoop loop)
    {
        TurnTo(loop);
        if (!all.HasBegun)
            Schedule.Hold();
        Keep();
        Start();
    }

    /// <summary>Stays with the loop it has been lent to.</summary>
    public void Keep()
    {
        _isLent = false;
        Schedule.Keep();
    }

    protected override bool MayStart => HasPlace || !_isLent;

    // The loop has begun already, when it was first planned.
    protected override void Begin()
    {
    }

    protected override long PlanNext()
    {
        if (_loop is null)
            return LoopSchedule.Never;
        var look = base.PlanNext();
        if (!_isLent || !HasPlace || Running.Count > 0)
            return look;
        if (look is not LoopSchedule.AtOnce)
            return Park(_loop, look);

        // One that always has something to do goes to the end of the queue after each iteration.
        return all.Runners.IsCrowded && !HasRuns && Schedule.Next.Exists ? Park(_loop, Now.Timestamp) : look;
    }

    // One with runs in its buffer cannot be parked, and goes there with its runner.
    protected override void HasRunOne()
    {
        if (_isLent && _loop is not null && HasRuns && Running.Count == 0)
            all.Runners.TryYield(_loop);
    }

    // Whoever changes all parked loops does not wait for this one to be parked, which may be never.
    protected override void TakeOverChange()
    {
        if (!_isLent)
            base.TakeOverChange();
        else if (_loop is not null && Control.Task != all.Task)
            ChangeWithAll();
    }

    // Only here, so that whoever offers a loop never touches what a late wake-up may be looking at.
    protected override void TakeOffered()
    {
        if (_loop is null && Interlocked.Exchange(ref _offered, null) is { } loop)
            TurnTo(loop);
    }

    protected override void End(StopRequest stop)
    {
        base.End(stop);
        _loop?.HasEnded(stop);
    }

    private void ChangeWithAll()
    {
        var task = all.Task;
        Change(task, all.Clock);
        Control.TurnTo(task, WhyPaused(Control.IsPausedAlone));
    }

    // When it returns, somebody else may have offered another loop already; what is this loop's must be done before.
    private long Park(KeyedLoop loop, long look)
    {
        Schedule.Leave(Control.IsPausedAlone);
        loop.Memory = Log.History.Memory;
        _loop = null;
        if (loop.TryPark(this, look))
            return LoopSchedule.Never;

        TurnTo(loop); // told to stop, or to stay
        return look;
    }

    private void TurnTo(KeyedLoop loop)
    {
        _loop = loop;
        (Log.Keyed, Log.History.Memory) = (loop, loop.Memory);
        Control.TurnTo(loop.Task, WhyPaused((loop.Memory.ParkedAs & ParkedAs.Paused) != 0));
        Schedule.TurnTo(loop.Task, loop.Clock);
    }

    private static string? WhyPaused(bool alone) => alone ? "Paused after failures in a row." : null;
}

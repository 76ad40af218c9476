using System.Collections.Concurrent;

namespace SafeLoop;

/// <summary>The runners of a keyed task: lent to the loops whose time has come, as many at a time as its limit allows.</summary>
internal sealed class KeyedRunners(KeyedLoops all, LoopEnvironment environment)
{
    private readonly ConcurrentBag<KeyedRunner> _idle = [];
    private readonly ConcurrencyLimit _limit = new();

    /// <summary>How many loops are in a runner that is lent.</summary>
    public int Running => _limit.Running;

    /// <summary>More have something to do than may.</summary>
    public bool IsCrowded => _limit.IsCrowded;

    /// <summary>Sets another limit; null: none.</summary>
    public void Limit(int? max)
    {
        foreach (var loop in _limit.Limit(max))
            environment.Pacemaker.Dispatch(new RunNext(this, loop));
    }

    /// <summary>The loop's time has come.</summary>
    public void Run(KeyedLoop loop)
    {
        if (!all.IsStopped && _limit.TryEnter(loop))
            Lend(loop);
    }

    /// <summary>The runner is done with its loop, and turns to one that waits for a place.</summary>
    public void Return(KeyedRunner runner)
    {
        while (_limit.Leave() is { } next)
        {
            if (!next.TryLend(runner))
                continue;
            runner.WakeHere();
            return;
        }
        _idle.Add(runner);
        all.EndIfIdle();
    }

    /// <summary>A runner stays with its loop, or goes with it. Whoever has the place now runs elsewhere.</summary>
    public void GiveUpPlace()
    {
        if (_limit.Leave() is { } next)
            environment.Pacemaker.Dispatch(new RunNext(this, next));
    }

    /// <summary>One that is not started yet.</summary>
    public KeyedRunner Spare() => new(all, environment);

    private void Lend(KeyedLoop loop)
    {
        if (!_idle.TryTake(out var runner))
        {
            runner = Spare();
            runner.Start();
        }
        if (loop.TryLend(runner))
            runner.WakeHere();
        else
            Return(runner);
    }

    private sealed class RunNext(KeyedRunners runners, KeyedLoop loop) : IThreadPoolWorkItem
    {
        public void Execute() => runners.Lend(loop);
    }
}

using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Tests.Shards;

/// <summary>Three hosts, and a store that knows of each shard what a coordinator would have stored.</summary>
internal sealed class ShardWorld : IDisposable
{
    private const int Hosts = 3, Shards = 3, Keys = 6, Period = 5;

    private readonly ClusterHosts _cluster;
    private readonly ClusterHosts.Host[] _hosts;
    private readonly Row[] _rows = [.. Enumerable.Range(0, Shards).Select(index => new Row(new(index, Shards)))];
    private readonly Dictionary<(string Host, int Key), int> _running = [];
    private readonly List<string> _overlaps = [];
    private readonly int _seed;
    private double _now;

    public ShardWorld(int seed)
    {
        _seed = seed;
        _cluster = new(task => task.Every(TimeSpan.FromSeconds(Period)).OnMissed(MissedSlots.RunAll, max: 100)
            .OnOverlap(Overlap.BufferAll, 20).KeysFrom<int>((shard, _, _) => Read(shard), TimeSpan.FromHours(1)));
        _hosts = [.. Enumerable.Range(0, Hosts).Select(number => _cluster.Start($"{number}"))];
        _cluster.Journal.Step = StepAsync;
        foreach (var row in _rows)
            Open(row, _hosts[0]);
        SaveProgress(); // a shard that is lost before its first progress begins as new
    }

    public void Dispose() => _cluster.Dispose();

    public void Act(int draw)
    {
        Advance(draw % 7000 / 1000.0);
        var (row, host) = (_rows[draw / 7 % Shards], _hosts[draw / 21 % Hosts]);
        switch (draw / 63 % 8)
        {
            case 0 or 1:
                Close(row, drain: draw % 3);
                Open(row, host);
                break;
            case 2:
                Close(row, drain: 60, isGivenUp: true);
                Open(row, host);
                break;
            case 3 or 4:
                SaveProgress();
                break;
            case 5:
                Lose(host, draw);
                break;
            case 6:
                Close(row, drain: 0);
                OpenAndLose(row, host);
                Open(row, host);
                break;
            default:
                PauseOrResume(draw % Keys);
                break;
        }
    }

    public void Judge()
    {
        _cluster.Journal.Step = static (_, _, _, _) => default;
        Advance(20); // iterations that ignore their token have ended
        // A loop with a handle is removed on the pool, and then the next loop of its key starts.
        Assert.True(SpinWait.SpinUntil(() => Enumerable.Range(0, Keys).All(HasLoop), TimeSpan.FromSeconds(30)));
        foreach (var key in Enumerable.Range(0, Keys))
            OwnerOf(key).Keys.Find(key)!.Resume();
        Advance(60);

        Assert.Empty(_overlaps);
        foreach (var key in Enumerable.Range(0, Keys))
        {
            var slots = _hosts.SelectMany(host => host.Loops.Observer.Of(LoopEventKind.IterationEnded))
                .Where(e => Equals(e.Key, key))
                .SelectMany(e => Enumerable.Range(0, (int)e.Record.Count).Select(back => Second(e.Record.Slot) - (Period * back)))
                .Order().ToArray();
            var distinct = slots.Distinct().ToArray();
            Assert.All(distinct.Zip(distinct.Skip(1)), pair => Assert.Equal(Period, pair.Second - pair.First, 6));
            Assert.True(distinct[0] == 0 && distinct[^1] > _now - (2 * Period));

            var doubled = slots.GroupBy(slot => slot).Where(slot => slot.Count() > 1).Select(slot => slot.Key);
            var lost = _rows.Single(row => row.Shard.Contains(key)).Lost;
            Assert.All(doubled, slot => Assert.Contains(lost, loss => loss.Watermark < slot && slot <= loss.At));
            var tokens = _cluster.Journal.Runs.Where(run => run.Key == key).Select(run => run.Token).ToArray();
            Assert.Equal(tokens.Order(), tokens);
        }
    }

    private void Advance(double seconds)
    {
        _cluster.Advance(seconds);
        _now += seconds;
    }

    private void Open(Row row, ClusterHosts.Host host)
    {
        _cluster.Open(host, row.Memory, row.Watermark, row.Shard, exceptions: row.Exceptions);
        if (row.Memory is null && row.Watermark is { } watermark)
            row.Lost.Add((Second(watermark), _now));
        row.Owner = host;
    }

    private void Close(Row row, double drain, bool isGivenUp = false)
    {
        SaveProgress();
        using var giveUp = new CancellationTokenSource();
        var closed = row.Owner!.All.CloseAsync("tick", row.Shard, TimeSpan.FromSeconds(drain), giveUp.Token);
        if (isGivenUp)
        {
            giveUp.Cancel();
            row.Owner.Loops.Settle();
        }
        for (var waited = 0.0; !closed.IsCompleted && waited < drain + 10; waited += 0.5)
        {
            row.Owner.Loops.Settle();
            if (!closed.Wait(1))
                Advance(0.5);
        }
        row.Memory = row.Owner.ResultOf(closed);
        row.Owner = null;
    }

    private void SaveProgress()
    {
        foreach (var host in _hosts)
        {
            foreach (var progress in host.All.ReadProgress())
            {
                var row = _rows[progress.Shard.Index];
                row.Watermark = progress.Watermark ?? row.Watermark;
                row.Exceptions = host.All.WriteExceptions("tick", row.Shard);
            }
        }
    }

    private void Lose(ClusterHosts.Host host, int draw)
    {
        host.Lease.Lose("On purpose.");
        if (draw % 2 == 0)
            Advance(draw % 1000 / 1000.0);
        host.TakeNewLease();
        foreach (var row in _rows.Where(row => row.Owner == host))
        {
            row.Memory = null;
            Open(row, _hosts[(draw + row.Shard.Index) % Hosts]);
        }
    }

    // The answer to the opening comes after the loss.
    private void OpenAndLose(Row row, ClusterHosts.Host host)
    {
        var others = _rows.Where(other => other.Owner == host).ToArray();
        var opening = host.All.OpenAsync(
            new()
            {
                TaskName = "tick", Shard = row.Shard, Epoch = _cluster.NextEpoch(), Lease = host.Lease, Memory = row.Memory,
                Watermark = row.Watermark, Exceptions = row.Exceptions,
            },
            default);
        host.Lease.Lose("On purpose.");
        host.Loops.Settle();
        Assert.True(SpinWait.SpinUntil(() => opening.IsCompleted, TimeSpan.FromSeconds(30)));
        host.TakeNewLease();
        row.Memory = opening.IsFaulted ? row.Memory : null; // as the store has it
        foreach (var other in others)
        {
            other.Memory = null;
            Open(other, host);
        }
    }

    private void PauseOrResume(int key)
    {
        if (OwnerOf(key).Keys.Find(key) is not { } handle)
            return;
        if (handle.State is RecurringTaskState.Paused)
            handle.Resume();
        else
            handle.Pause();
    }

    private bool HasLoop(int key)
    {
        OwnerOf(key).Loops.Settle();
        return OwnerOf(key).Keys.Find(key) is not null;
    }

    private ClusterHosts.Host OwnerOf(int key) => _rows.Single(row => row.Shard.Contains(key)).Owner!;

    private async ValueTask StepAsync(string host, int key, Iteration iteration, CancellationToken token)
    {
        var draw = (int)(StableHash.Compute($"{_seed} {key} {iteration.Slot:O}") % 1000);
        var clock = _hosts[int.Parse(host)].Loops.Clock;
        lock (_running)
        {
            if ((_running[(host, key)] = _running.GetValueOrDefault((host, key)) + 1) > 1)
                _overlaps.Add($"{host} {key} {iteration.Slot:O}");
        }
        try
        {
            if (draw % 3 == 0)
                await Task.Delay(TimeSpan.FromSeconds(draw % 8), clock, draw % 2 == 0 ? default : token);
            if (draw % 5 == 0)
                throw new IOException("on purpose");
        }
        finally
        {
            lock (_running)
                _running[(host, key)]--;
        }
    }

    private static double Second(DateTimeOffset instant) => (instant - LoopHost.Start).TotalSeconds;

    private static async IAsyncEnumerable<int> Read(KeyShard shard)
    {
        await Task.CompletedTask;
        foreach (var key in Enumerable.Range(0, Keys).Where(key => shard.Contains(key)))
            yield return key;
    }

    private sealed class Row(KeyShard shard)
    {
        public KeyShard Shard => shard;

        public ClusterHosts.Host? Owner { get; set; }

        public byte[]? Memory { get; set; }

        public DateTimeOffset? Watermark { get; set; }

        public byte[]? Exceptions { get; set; }

        /// <summary>The openings from a watermark, and when they were.</summary>
        public List<(double Watermark, double At)> Lost { get; } = [];
    }
}

namespace SafeLoop.Testing;

public abstract partial class ShardStoreContract
{
    /// <summary>
    /// Three hosts take, give, save, leave, fall silent and come back late, in a random order. After each step, what is stored is
    /// compared with what the contract says.
    /// </summary>
    [Fact]
    public async Task No_shard_has_two_owners_when_hosts_fall_silent_and_come_back()
    {
        await StartAsync();
        for (var seed = 1; seed <= Rounds; seed++)
        {
            var search = new Search(this, seed);
            for (var step = 0; step < 40; step++)
                await search.StepAsync(step);
        }
    }

    /// <summary>The hosts and shards of one round, as the contract says that they are.</summary>
    private sealed class Search(ShardStoreContract contract, int seed)
    {
        private const int Hosts = 3, Shards = 3;

        private readonly Random _chance = new(seed);
        private readonly string _task = $"search {seed}";
        private readonly long[] _leases = new long[Hosts]; // zero: it has none
        private readonly long[] _late = new long[Hosts]; // the last one that has ended
        private readonly (long Epoch, long Lease, byte[]? Memory, byte[]? Exceptions)[] _shards =
            new (long, long, byte[]?, byte[]?)[Shards];

        private string _where = "";

        public async Task StepAsync(int step)
        {
            var index = _chance.Next(Shards);
            var owner = Array.IndexOf(_leases, _shards[index].Lease);
            var host = owner >= 0 && _chance.Next(2) == 0 ? owner : _chance.Next(Hosts);
            _where = $"Seed {seed}, step {step}, host {host}, shard {index}: ";
            if (_leases[host] == 0)
                _leases[host] = await contract.JoinAsync(host);
            switch (_chance.Next(10))
            {
                case < 5:
                    await TakeAsync(host, index);
                    break;
                case 5:
                    await GiveAsync(host, index);
                    break;
                case 6:
                    await SaveAsync(host, index);
                    break;
                case 7:
                    await contract.Of(host).LeaveAsync(_leases[host], default);
                    End(host);
                    break;
                case 8:
                    await FallSilentAsync(host);
                    break;
                default:
                    await ComeBackLateAsync(host, index);
                    break;
            }

            await RenewAsync();
            await CompareAsync();
        }

        private bool IsLive(long lease) => Array.IndexOf(_leases, lease) >= 0;

        private async Task TakeAsync(int host, int index)
        {
            var (shard, isStale) = (_shards[index], _chance.Next(4) == 0);
            ShardTake take = new()
            {
                Id = new(_task, index),
                Epoch = shard.Epoch - (isStale ? 1 : 0),
                DropsMemory = _chance.Next(3) == 0,
            };
            var taken = await contract.Of(host).TakeAsync(_leases[host], [take], default);
            var isFree = shard.Lease == 0 || shard.Lease == _leases[host] || !IsLive(shard.Lease);
            Assert.True((taken.Count == 1) == (isFree && !isStale), $"{_where}was {(taken.Count == 1 ? "" : "not ")}taken.");
            if (taken.Count == 0)
                return;
            Assert.True(taken[0].Epoch > shard.Epoch, $"{_where}the epoch {taken[0].Epoch} does not come after {shard.Epoch}.");
            _shards[index] =
                (taken[0].Epoch, _leases[host], take.DropsMemory ? null : shard.Memory, shard.Exceptions);
        }

        private async Task GiveAsync(int host, int index)
        {
            var shard = _shards[index];
            var state = State(index);
            var given = await contract.Of(host).GiveAsync(_leases[host], [state], default);
            var isOwn = shard.Lease == _leases[host] && state.Epoch == shard.Epoch;
            Assert.True((given.Count == 1) == isOwn, $"{_where}was {(given.Count == 1 ? "" : "not ")}given.");
            if (isOwn)
                _shards[index] = (shard.Epoch, 0, state.Memory, state.Exceptions ?? shard.Exceptions);
        }

        private async Task SaveAsync(int host, int index)
        {
            var shard = _shards[index];
            var state = State(index);
            var saved = await contract.Of(host).SaveAsync(_leases[host], [state], default);
            var isOwn = shard.Lease == _leases[host] && state.Epoch == shard.Epoch;
            Assert.True((saved.Count == 1) == isOwn, $"{_where}was {(saved.Count == 1 ? "" : "not ")}saved.");
            if (isOwn)
                _shards[index].Exceptions = state.Exceptions ?? shard.Exceptions;
        }

        private ShardState State(int index) => new()
        {
            Id = new(_task, index),
            Epoch = _shards[index].Epoch - (_chance.Next(4) == 0 ? 1 : 0),
            Memory = _chance.Next(3) == 0 ? null : [(byte)_chance.Next(256)],
            Exceptions = _chance.Next(3) == 0 ? null : [(byte)_chance.Next(256)],
        };

        // The lease of one host expires while the others renew theirs.
        private async Task FallSilentAsync(int host)
        {
            End(host);
            for (var n = 0; n < 2; n++)
            {
                await contract.AdvanceAsync(contract.Lease * 0.6);
                await RenewAsync();
            }
        }

        private async Task ComeBackLateAsync(int host, int index)
        {
            if (_late[host] == 0)
                return;
            var shard = _shards[index];
            Assert.True(await contract.RenewAsync(host, _late[host]) is null, $"{_where}a lease that has ended was renewed.");
            var taken = await contract.Of(host).TakeAsync(
                _late[host], [new() { Id = new(_task, index), Epoch = shard.Epoch }], default);
            Assert.True(taken.Count == 0, $"{_where}a lease that has ended has taken it.");
            if (shard.Lease != _late[host])
                Assert.Empty(await contract.Of(host).GiveAsync(_late[host], [State(index)], default));
        }

        private void End(int host) => (_late[host], _leases[host]) = (_leases[host], 0);

        private async Task RenewAsync()
        {
            for (var host = 0; host < Hosts; host++)
            {
                if (_leases[host] != 0)
                    Assert.True(await contract.RenewAsync(host, _leases[host]) is not null, $"{_where}a live lease has ended.");
            }
        }

        private async Task CompareAsync()
        {
            var stored = (await contract.Of(0).ReadAsync(
                [.. Enumerable.Range(0, Shards).Select(index => new ShardId(_task, index))], default))
                .ToDictionary(shard => shard.Id.Index);
            for (var index = 0; index < Shards; index++)
            {
                var shard = _shards[index];
                Assert.True((shard.Epoch > 0) == stored.TryGetValue(index, out var read), $"{_where}was taken or not?");
                if (read is null)
                    continue;
                Assert.True(
                    (read.Epoch, read.Lease, read.IsOwned) == (shard.Epoch, shard.Lease, shard.Lease != 0 && IsLive(shard.Lease)),
                    $"{_where}the shard {index} is {read}, and should be {shard}.");
                Assert.Equal(shard.Memory?.AsEnumerable(), read.Memory);
                Assert.Equal(shard.Exceptions?.AsEnumerable(), read.Exceptions);
            }
        }
    }
}

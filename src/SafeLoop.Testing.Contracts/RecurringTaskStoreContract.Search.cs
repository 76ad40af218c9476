namespace SafeLoop.Testing;

// Search: drawn orders of claims, outcomes and losses.
public abstract partial class RecurringTaskStoreContract
{
    /// <summary>How many rounds of the search for lost and doubled slots there are, each with a seed of its own.</summary>
    /// <value>The default is 5.</value>
    protected virtual int Rounds => 5;

    /// <summary>
    /// Hosts claim, record and skip slots, repeat calls, disconnect without recording, fall silent and come back late. Each
    /// claimed slot has one outcome in the end, of the host that got the claim, and none is claimed twice.
    /// </summary>
    [Fact]
    public async Task Each_slot_has_one_outcome_when_hosts_fall_silent_and_come_back_late()
    {
        for (var seed = 1; seed <= Rounds; seed++)
        {
            var (chance, application) = (new Random(seed), $"-search-{seed}");
            var watcher = await StartAsync(100, application);
            var live = new List<StoreHost>();
            var (running, ended) = (new Dictionary<DateTimeOffset, StoreHost>(), new Dictionary<DateTimeOffset, Guid>());
            for (int step = 0, slot = 0; step < 80; step++)
            {
                if (live.Count < 3)
                    live.Add(await StartAsync(step, application));
                var host = live[chance.Next(live.Count)];
                switch (chance.Next(step % 20 == 19 ? 8 : 7))
                {
                    case 0 or 1 or 2:
                        var at = Slot(slot + chance.Next(2)); // now and then the slot that another has
                        var isOurs = await host.ClaimAsync(at);
                        slot = Math.Max(slot, (int)(at - First).TotalMinutes);
                        Assert.True(!isOurs || !ended.ContainsKey(at), $"Seed {seed}, step {step}: {at:t} was claimed again.");
                        Assert.True(!isOurs || !running.TryGetValue(at, out var other) || other == host,
                            $"Seed {seed}, step {step}: two hosts have claimed {at:t}.");
                        if (isOurs)
                            running[at] = host;
                        break;
                    case 3 when running.Count > 0:
                        var (claimed, owner) = running.ElementAt(chance.Next(running.Count));
                        var isRecorded = await owner.EndAsync(claimed) is null;
                        Assert.True(isRecorded == live.Contains(owner),
                            $"Seed {seed}, step {step}: the outcome of {claimed:t} was {(isRecorded ? "" : "not ")}recorded.");
                        if (isRecorded)
                            ended.Add(claimed, owner.Id);
                        running.Remove(claimed);
                        break;
                    case 4:
                        slot += 1 + chance.Next(3);
                        if (await host.SkipAsync(Slot(slot)) is null)
                            ended.Add(Slot(slot), host.Id);
                        break;
                    case 5:
                        await host.SendHeartbeatAsync();
                        break;
                    case 6:
                        live.Remove(host);
                        await host.Store.DisconnectAsync(host.Id, default);
                        await watcher.SendHeartbeatAsync();
                        break;
                    case 7:
                        await AdvanceAsync(LostAfter * 1.3); // all are silent, and the watcher notices
                        await watcher.SendHeartbeatAsync();
                        live.Clear();
                        break;
                }
            }
            foreach (var host in live)
                await host.Store.DisconnectAsync(host.Id, default);
            await watcher.SendHeartbeatAsync();

            var history = (await watcher.ReadAsync()).ToDictionary(entry => entry.Record.Slot); // throws when there are two
            foreach (var (at, host) in ended)
            {
                Assert.True(history.Remove(at, out var entry) && entry.Instance == host,
                    $"Seed {seed}: {at:t} has no outcome, or another than the one that was recorded.");
            }
            Assert.All(history.Values, entry => Assert.Equal(OutcomeReason.HostLost, entry.Record.Reason));
            Assert.All(running.Keys, at => Assert.True(history.ContainsKey(at), $"Seed {seed}: {at:t} has no outcome."));
        }
    }
}

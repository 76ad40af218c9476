namespace SafeLoop.Tests.History.Oracle;

/// <summary>What the step of a task does at a slot: the scenario and the model both read it here.</summary>
internal sealed class Behaviour(int seed, IReadOnlyList<(DateTimeOffset From, DateTimeOffset To)> sleeps)
{
    public static readonly TimeSpan Hang = new(9, 0, 3);

    // Before a sleep and in it, iterations end at once: the model does not say what a sleep does to one that is running.
    private static readonly TimeSpan Margin = TimeSpan.FromHours(10);

    // Those that wait for each other are over later.
    private static readonly TimeSpan MarginOfQueue = TimeSpan.FromHours(60);

    /// <returns>Whether it fails, and how long it takes.</returns>
    public (bool Fails, TimeSpan Takes) Of(TaskPlan plan, DateTimeOffset slot)
    {
        var draw = (int)(Hash(plan.Name, slot) % 100);
        var (fails, isLong, hangs) = plan.Shares;
        var mayTake = MayTake(slot, plan.Overlap is Overlap.BufferOne or Overlap.BufferAll ? MarginOfQueue : Margin);
        if (draw < fails)
            return (true, TimeSpan.Zero);
        if (draw < fails + isLong)
            return (false, mayTake ? TimeSpan.FromSeconds((23 * 60) + 7 + (60 * (draw % 3) * 37)) : TimeSpan.Zero);
        return (false, draw < fails + isLong + hangs && mayTake ? Hang : TimeSpan.Zero);
    }

    /// <summary>When the step wants to run next; null: as scheduled.</summary>
    public TimeSpan? Chooses(TaskPlan plan, DateTimeOffset slot) =>
        (int)(Hash(plan.Name, slot) % 100) is var draw && draw < plan.Chooses && MayTake(slot, Margin)
            ? new TimeSpan(0, 40 + (draw * 13), 29)
            : null;

    private bool MayTake(DateTimeOffset slot, TimeSpan margin) =>
        !sleeps.Any(sleep => slot > sleep.From - margin && slot < sleep.To);

    private ulong Hash(string name, DateTimeOffset slot)
    {
        var hash = (ulong)seed * 0x9E3779B97F4A7C15;
        foreach (var character in name)
            hash = (hash ^ character) * 0x100000001B3;
        hash = (hash ^ (ulong)(slot.UtcTicks / TimeSpan.TicksPerSecond)) * 0xBF58476D1CE4E5B9;
        hash = (hash ^ (hash >> 31)) * 0x94D049BB133111EB;
        return hash ^ (hash >> 29);
    }
}

namespace SafeLoop.Tests.History.Oracle;

/// <summary>What the step of a task does at a slot: the scenario and the model both read it here.</summary>
internal sealed class Behaviour(int seed, IReadOnlyList<(DateTimeOffset From, DateTimeOffset To)> sleeps)
{
    public static readonly TimeSpan Hang = TimeSpan.FromHours(9);

    // Before a sleep and in it, iterations end at once: the model does not say what a sleep does to one that is running.
    private static readonly TimeSpan Margin = TimeSpan.FromHours(10);

    /// <returns>Whether it fails, and how long it takes.</returns>
    public (bool Fails, TimeSpan Takes) Of(TaskPlan plan, DateTimeOffset slot)
    {
        var draw = (int)(Hash(plan.Name, slot) % 100);
        var (fails, isLong, hangs) = plan.Shares;
        var mayTake = !sleeps.Any(sleep => slot > sleep.From - Margin && slot < sleep.To);
        if (draw < fails)
            return (true, TimeSpan.Zero);
        if (draw < fails + isLong)
            return (false, mayTake ? TimeSpan.FromSeconds((23 * 60) + 7 + (60 * (draw % 3) * 37)) : TimeSpan.Zero);
        return (false, draw < fails + isLong + hangs && mayTake ? Hang : TimeSpan.Zero);
    }

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

namespace SafeLoop.Tool;

/// <summary>What a rule can speak of, and what it is at one moment.</summary>
internal sealed class Measures
{
    /// <summary>Each name with its meaning; help and documentation list them from here.</summary>
    public static readonly IReadOnlyDictionary<string, string> Known = new Dictionary<string, string>
    {
        ["heap_used"] = "bytes on the heap, garbage that has not been collected included",
        ["heap_limit"] = "how large the heap may grow, in bytes",
        ["heap_committed"] = "bytes the heap has taken from the system",
        ["heap_growth_per_minute"] = "by how many bytes heap_used grows in a minute, over the last half minute",
        ["rss"] = "the process's resident memory, in bytes",
        ["gc_pause_ratio"] = "part of the time it stands still for collections, 0 to 1",
        ["gen2_collections"] = "full collections since the watch began",
        ["allocation_rate"] = "bytes allocated in a second",
    };

    private readonly Dictionary<string, double> _values = Known.Keys.ToDictionary(name => name, _ => 0.0);

    public double this[string name]
    {
        get => _values[name];
        set => _values[name] = value;
    }

    public IReadOnlyDictionary<string, double> Values => _values;
}

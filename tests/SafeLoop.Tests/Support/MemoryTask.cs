using SafeLoop.Storage;

namespace SafeLoop.Tests;

/// <summary>A task: its name, which can change, and its loops.</summary>
internal sealed class MemoryTask(string name)
{
    // A key of null is the task as a whole, which a dictionary of strings refuses.
    private readonly Dictionary<ValueTuple<string?>, MemoryLoop> _loops = [];

    public string Name { get; private set; } = name;

    /// <summary>The schedule, as it was loaded last.</summary>
    public string? Schedule { get; set; }

    /// <summary>The fingerprint of its options, as it was loaded last.</summary>
    public string? Fingerprint { get; set; }

    public IReadOnlyCollection<MemoryLoop> Loops => _loops.Values;

    public MemoryLoop GetLoop(string? id, string? key)
    {
        if (!_loops.TryGetValue(new(id), out var loop))
            _loops.Add(new(id), loop = new MemoryLoop(new() { TaskName = Name, Key = key }));
        return loop;
    }

    public MemoryLoop? FindLoop(string? id) => _loops.GetValueOrDefault(new(id));

    public void Remove(string? id) => _loops.Remove(new(id));

    public void Rename(string name)
    {
        Name = name;
        foreach (var loop in _loops.Values)
            loop.State = loop.State with { TaskName = name };
    }
}

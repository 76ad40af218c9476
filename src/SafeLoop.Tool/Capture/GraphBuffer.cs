namespace SafeLoop.Tool;

/// <summary>
/// How much of its heap's graph the runtime may hold back until it is read, in MiB. It holds all of it before the process runs
/// on: 32 B per object and 12 B per reference, hardly more than the heap itself. It takes only what it needs.
/// </summary>
/// <param name="First">Tried first: as much as the heap is likely to need.</param>
/// <param name="Most">Tried once more when that was too little. Data lost is better than a process
/// killed: never more than fits beside it.</param>
internal sealed record GraphBuffer(int First, int Most)
{
    private const int MiB = 1024 * 1024;
    private const int Least = 64;
    private const int Limit = 8192;

    /// <param name="processId">The process.</param>
    /// <param name="mostMegabytes">What the user allows; null leaves it to the process's memory.</param>
    public static GraphBuffer For(int processId, int? mostMegabytes = null)
    {
        var suited = For(ProcessMemory.Resident(processId), ProcessMemory.HeadRoom(processId));
        return mostMegabytes is { } most ? new GraphBuffer(Math.Min(suited.First, most), Math.Min(suited.Most, most)) : suited;
    }

    /// <param name="resident">The process's own memory, in bytes; 0 when it is not known.</param>
    /// <param name="headRoom">What is left for it, in bytes; 0 when it is not known.</param>
    public static GraphBuffer For(long resident, long headRoom)
    {
        var most = (int)Math.Clamp(headRoom == 0 ? Limit : headRoom * 4 / 5 / MiB, Least, Limit);
        return new GraphBuffer((int)Math.Clamp(resident * 3 / 2 / MiB, Math.Min(256, most), most), most);
    }
}

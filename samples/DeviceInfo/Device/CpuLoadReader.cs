using System.Globalization;

namespace DeviceInfo.Device;

/// <summary>The load of the whole machine between two reads, from the kernel's own ticks.</summary>
/// <remarks>
/// Only Linux publishes them as a file. Elsewhere the answer is null rather than this
/// process's own share passed off as the machine's.
/// </remarks>
internal sealed class CpuLoadReader
{
    private const int Idle = 3;
    private const int WaitingForDisk = 4;

    // user, nice, system, idle, iowait, irq, softirq, steal; the guest columns after them are already part of user and nice.
    private const int Columns = 8;

    // A tick is 10 ms of one processor. Over less than this many, a load is noise: "100 %" for one busy tick.
    private const int EnoughTicks = 20;

    private readonly string _source;
    private (long Busy, long Total)? _last;

    public CpuLoadReader(string source = "/proc/stat")
    {
        _source = source;
        _last = Ticks();
    }

    /// <returns>0 to 1; null where the system does not report it, and when too little time has passed.</returns>
    public double? Read()
    {
        var now = Ticks();
        if (now is not { } current || _last is not { } last)
        {
            _last = now;
            return null;
        }

        var total = current.Total - last.Total;
        if (total < EnoughTicks)
            return null;

        _last = now;
        return Math.Clamp((double)(current.Busy - last.Busy) / total, 0, 1);
    }

    private (long Busy, long Total)? Ticks()
    {
        if (!File.Exists(_source))
            return null;

        // "cpu  3207 0 2300 177387 1696 0 30 100 0 0"
        var ticks = File.ReadLines(_source).First()
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Skip(1).Take(Columns)
            .Select(column => long.Parse(column, CultureInfo.InvariantCulture))
            .ToArray();
        var total = ticks.Sum();
        return (total - ticks[Idle] - ticks[WaitingForDisk], total);
    }
}

namespace DeviceInfo.Device;

/// <summary>What the machine looked like at one moment.</summary>
/// <param name="ReadAt">When it was read.</param>
/// <param name="CpuLoad">0 to 1 over all processors since the reading before; null where the system does not report it.</param>
/// <param name="Memory">Physical memory.</param>
/// <param name="Disks">Real disks, pseudo file systems left out.</param>
/// <param name="Interfaces">Network interfaces with their counters since boot.</param>
/// <param name="Temperatures">Sensors; empty on machines that have none, as most virtual ones.</param>
internal sealed record DeviceReading(
    DateTimeOffset ReadAt,
    double? CpuLoad,
    MemoryReading Memory,
    IReadOnlyList<DiskReading> Disks,
    IReadOnlyList<InterfaceReading> Interfaces,
    IReadOnlyList<TemperatureReading> Temperatures)
{
    /// <summary>Database rows this reading becomes.</summary>
    public int Rows => 1 + Disks.Count + Interfaces.Count + Temperatures.Count;
}

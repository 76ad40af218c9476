namespace DeviceInfo.Device;

/// <summary>
/// Reads the machine this process runs on. Not for concurrent use: CPU load is the difference to the reading before.
/// </summary>
internal sealed class DeviceReader(TimeProvider clock)
{
    private readonly CpuLoadReader _cpuLoad = new();
    private readonly MemoryReader _memory = new();
    private readonly TemperatureReader _temperatures = new();

    private volatile DeviceReading? _latest;

    /// <summary>The newest reading, for other threads; null before the first.</summary>
    public DeviceReading? Latest => _latest;

    public DeviceReading Read() => _latest = new(
        clock.GetUtcNow(),
        _cpuLoad.Read(),
        _memory.Read(),
        DiskReader.Read(),
        InterfaceReader.Read(),
        _temperatures.Read());
}

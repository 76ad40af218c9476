namespace DeviceInfo.Device;

/// <summary>Physical memory in bytes; what is available is null where the system does not report it.</summary>
internal sealed record MemoryReading(long TotalBytes, long? AvailableBytes);

namespace DeviceInfo.Device;

/// <summary>Physical memory in bytes; what is available is null where the system does not tell.</summary>
internal sealed record MemoryReading(long TotalBytes, long? AvailableBytes);

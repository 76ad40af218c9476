namespace DeviceInfo.Device;

/// <summary>One mounted disk, sizes in bytes.</summary>
internal sealed record DiskReading(string Name, string Format, long TotalBytes, long FreeBytes);

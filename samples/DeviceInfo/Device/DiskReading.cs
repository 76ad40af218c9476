namespace DeviceInfo.Device;

/// <summary>One mounted disk, sizes in bytes; free is what this user may still write.</summary>
internal sealed record DiskReading(string Name, string Format, long TotalBytes, long FreeBytes);

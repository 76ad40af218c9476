namespace DeviceInfo.Device;

/// <summary>One network interface, with the bytes it has moved since it came up.</summary>
internal sealed record InterfaceReading(string Name, bool IsUp, long BytesReceived, long BytesSent);

namespace DeviceInfo.Device;

/// <summary>One sensor in degrees Celsius.</summary>
internal sealed record TemperatureReading(string Sensor, double Celsius);

using System.Globalization;

namespace DeviceInfo.Device;

/// <summary>The machine's temperature sensors, where the kernel shows any (Linux: thermal zones and hardware monitors).</summary>
internal sealed class TemperatureReader(string root = "/sys/class")
{
    private const double Coldest = -60;
    private const double Hottest = 150;

    public IReadOnlyList<TemperatureReading> Read() =>
        [.. ThermalZones().Concat(HardwareMonitors()).OfType<TemperatureReading>()];

    private IEnumerable<TemperatureReading?> ThermalZones() =>
        from zone in Directories("thermal", "thermal_zone*")
        select Sensor(Text(zone, "type") ?? Path.GetFileName(zone), Path.Combine(zone, "temp"));

    private IEnumerable<TemperatureReading?> HardwareMonitors() =>
        from monitor in Directories("hwmon", "hwmon*")
        let chip = Text(monitor, "name") ?? Path.GetFileName(monitor)
        from input in Directory.EnumerateFiles(monitor, "temp*_input").Order(StringComparer.Ordinal)
        let number = Path.GetFileName(input)["temp".Length..^"_input".Length]
        select Sensor($"{chip} {Text(monitor, $"temp{number}_label") ?? number}", input);

    private IEnumerable<string> Directories(string kind, string pattern)
    {
        var parent = Path.Combine(root, kind);
        return Directory.Exists(parent) ? Directory.EnumerateDirectories(parent, pattern).Order(StringComparer.Ordinal) : [];
    }

    private static TemperatureReading? Sensor(string name, string file)
    {
        if (!long.TryParse(Text(file), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var thousandths))
            return null;

        // A sensor that is switched off reports nonsense such as -274 °C.
        var celsius = thousandths / 1000.0;
        return celsius is > Coldest and < Hottest ? new TemperatureReading(name, celsius) : null;
    }

    private static string? Text(params string[] path)
    {
        try
        {
            return File.ReadAllText(Path.Combine(path)).Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null; // no such file, or a sensor that answers with an error while its device sleeps
        }
    }
}

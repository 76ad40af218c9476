using DeviceInfo.Device;

namespace DeviceInfo.View;

/// <summary>Everything the view shows, taken at one moment.</summary>
/// <param name="Now">The moment, in the user's time zone.</param>
/// <param name="Tasks">The recurring tasks.</param>
/// <param name="Device">The newest reading; null before the first.</param>
/// <param name="Database">The file the readings go to.</param>
/// <param name="RowsWritten">Rows in the database that this run wrote.</param>
/// <param name="HeapAtStart">Managed heap in bytes when the program was ready to run.</param>
/// <param name="HeapNow">Managed heap in bytes now.</param>
internal sealed record Screen(
    DateTimeOffset Now,
    IReadOnlyList<TaskRow> Tasks,
    DeviceReading? Device,
    string Database,
    long RowsWritten,
    long HeapAtStart,
    long HeapNow);

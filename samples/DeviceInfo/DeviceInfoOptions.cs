namespace DeviceInfo;

/// <summary>How long to run and where the readings go.</summary>
/// <param name="RunFor">Null: until Ctrl+C or SIGTERM.</param>
/// <param name="Database">The SQLite file.</param>
internal sealed record DeviceInfoOptions(TimeSpan? RunFor, string Database);

namespace SafeLoop.Tests.Keys;

/// <summary>A device with its own period, cron expression and zone. Devices with the same id are equal.</summary>
internal sealed record Device(int Id)
{
    public TimeSpan Period { get; set; } = 10.Seconds;

    public string? Cron { get; set; } = "* * * * *";

    public string? Zone { get; set; }

    public bool Equals(Device? other) => Id == other?.Id;

    public override int GetHashCode() => Id;

    public override string ToString() => $"device {Id}";
}

namespace SafeLoop.EntityFrameworkCore;

/// <summary>The texts of all errors of an application that have one type and were thrown at one place.</summary>
internal class ErrorRow
{
    public long Fingerprint { get; set; }

    public long FirstSeen { get; set; }

    public long LastSeen { get; set; }

    public long Times { get; set; }

    public string Application { get; set; } = "";

    public string? Type { get; set; }

    public string? Message { get; set; }

    public string? Details { get; set; }
}

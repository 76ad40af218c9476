namespace SafeLoop.EntityFrameworkCore;

/// <summary>What history lacks because the database was down.</summary>
internal class GapRow
{
    public long Id { get; set; }

    public int Instance { get; set; }

    public string Application { get; set; } = "";

    public long FirstEnded { get; set; }

    public long LastEnded { get; set; }

    public long Succeeded { get; set; }

    public long Failed { get; set; }

    public long TimedOut { get; set; }

    public long Interrupted { get; set; }

    public long Skipped { get; set; }
}

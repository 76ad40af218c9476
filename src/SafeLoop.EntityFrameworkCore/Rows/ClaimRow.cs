namespace SafeLoop.EntityFrameworkCore;

/// <summary>An instance runs a slot, and has not recorded its outcome.</summary>
internal class ClaimRow
{
    public int TaskId { get; set; }

    public string KeyText { get; set; } = "";

    public long Slot { get; set; }

    public int Instance { get; set; }

    public long Since { get; set; }
}

namespace SafeLoop.Dashboard;

/// <summary>What the page of instances shows.</summary>
internal sealed record InstancesModel
{
    /// <summary>The hosts of the page, the last started first.</summary>
    public required IReadOnlyList<InstanceTrend> Instances { get; init; }

    /// <summary>The only host that is shown; null: all.</summary>
    public Guid? Only { get; init; }

    /// <summary>How many hours the charts go back.</summary>
    public required int Hours { get; init; }

    /// <summary>The number of the page, from 1.</summary>
    public int Page { get; init; } = 1;

    public bool HasNext { get; init; }

    /// <summary>A link to the page with the same filter.</summary>
    public string To(int hours, int page = 1) => Link.To(
        "instances",
        ("instance", Only?.ToString()),
        ("hours", hours == InstancesHandler.UsualHours ? null : $"{hours}"),
        ("page", page == 1 ? null : $"{page}"));
}

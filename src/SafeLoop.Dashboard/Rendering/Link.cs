namespace SafeLoop.Dashboard;

/// <summary>Makes links between pages. All pages lie in one folder, so a link is a name and a query.</summary>
internal static class Link
{
    public const string Overview = "./";

    public static string Task(string task) => To("task", ("task", task));

    public static string Key(string task, string? key) => key is null ? Task(task) : To("key", ("task", task), ("key", key));

    public static string Keys(string task) => To("keys", ("task", task));

    public static string Slot(string task, string? key, DateTimeOffset at) =>
        To("slot", ("task", task), ("key", key), ("at", PageTimes.Query(at)));

    /// <summary>A link with a query. Parameters without a value are left out.</summary>
    public static string To(string page, params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        var query = new List<string>();
        foreach (var (name, value) in parameters)
        {
            if (!string.IsNullOrEmpty(value))
                query.Add($"{name}={Uri.EscapeDataString(WithoutHalves(value))}");
        }
        return query.Count == 0 ? page : $"{page}?{string.Join('&', query)}";
    }

    /// <summary>The address of a page of ours that a form names; otherwise the overview.</summary>
    public static string OwnOrOverview(string? address)
    {
        if (address is null || address.Any(static character => character is <= ' ' or > '~' or '\\'))
            return Overview;
        var page = address.Split('?')[0];
        return page == Overview || PageEndpoints.All.Any(endpoint =>
            endpoint.Path.Length > 0 && endpoint.Path == page && endpoint.Method == Microsoft.AspNetCore.Http.HttpMethods.Get)
            ? address
            : Overview;
    }

    // Half a surrogate pair cannot be encoded.
    private static string WithoutHalves(string text) =>
        text.Any(char.IsSurrogate) ? System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text)) : text;
}

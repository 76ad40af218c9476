using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Dashboard;

/// <summary>What all parts of a page need to know: when it was made, and how its viewer wants it.</summary>
internal sealed record PageContext
{
    /// <summary>The path of the page below the prefix; empty: the overview.</summary>
    public required string Path { get; init; }

    /// <summary>The address of the page relative to itself, with its query.</summary>
    public required string Address { get; init; }

    public required DateTimeOffset Now { get; init; }

    public required Preferences Preferences { get; init; }

    public required PageTimes Times { get; init; }

    /// <summary>True when this host is in a cluster.</summary>
    public bool HasCluster { get; init; }

    /// <summary>The name of the viewer; null: unknown.</summary>
    public string? User { get; init; }

    public static PageContext Create(DashboardMapping dashboard, HttpContext context, string path)
    {
        var now = dashboard.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        var preferences = Preferences.Read(context.Request.Cookies);
        return new()
        {
            Path = path,
            Address = $"{(path.Length == 0 ? "./" : path)}{context.Request.QueryString.ToUriComponent()}",
            Now = now,
            Preferences = preferences,
            Times = new(preferences.FindZone(), now),
            HasCluster = dashboard.Services.GetService<IServiceProviderIsService>()
                ?.IsService(typeof(IRecurringTaskCluster)) is true,
            User = UserName.Of(context.User),
        };
    }
}

namespace SafeLoop.Dashboard;

/// <summary>A bar of a chart.</summary>
/// <param name="Value">Its height.</param>
/// <param name="Class">The class that colours it.</param>
/// <param name="Title">What it shows, in words.</param>
internal sealed record ChartBar(TimeSpan Value, string Class, string Title);

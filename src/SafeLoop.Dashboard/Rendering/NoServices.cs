namespace SafeLoop.Dashboard;

/// <summary>Keeps the services of the host, such as its component activator, away from our pages.</summary>
internal sealed class NoServices : IServiceProvider
{
    public static readonly NoServices Instance = new();

    public object? GetService(Type serviceType) => null;
}

namespace SafeLoop.Blocking;

/// <summary>A way to run the scene.</summary>
internal interface IEngine
{
    /// <summary>Starts all tasks. They run until the process ends.</summary>
    Task StartAsync();
}

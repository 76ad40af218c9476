namespace SafeLoop.Scale.Engines;

/// <summary>One way to run recurring work, as its users set it up; where there is a choice, the cheaper one.</summary>
/// <remarks>It is never stopped: its process ends when it has been measured.</remarks>
internal interface IEngine
{
    /// <summary>Starts it without loops. What this costs is counted to no loop.</summary>
    Task StartAsync();

    /// <summary>Adds all loops. Ends when all are waiting for their slots: that is the start-up time.</summary>
    Task AddAsync();
}

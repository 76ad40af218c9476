namespace SafeLoop.Dashboard;

/// <summary>The order of the tasks of the overview.</summary>
internal enum TaskOrder
{
    Problems,
    Name,
    State,
    Next,
    Duration,
    Lateness,
}

namespace SafeLoop.EntityFrameworkCore;

/// <summary>Whether an instance runs.</summary>
internal enum InstanceState : byte
{
    Running,
    Stopped,
    Lost,
}

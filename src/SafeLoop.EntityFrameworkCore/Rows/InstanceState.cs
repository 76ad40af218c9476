namespace SafeLoop.EntityFrameworkCore;

internal enum InstanceState : byte
{
    Running,
    Stopped,
    Lost,
}

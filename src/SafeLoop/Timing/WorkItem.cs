namespace SafeLoop;

/// <summary>A delegate as a work item for <see cref="Pacemaker.Dispatch"/>.</summary>
internal sealed class WorkItem(Action work) : IThreadPoolWorkItem
{
    public void Execute() => work();
}

namespace SafeLoop;

/// <summary>The key of a loop, as steps, policies and reports see it.</summary>
internal abstract class LoopKey(KeyGroup group) : IKeyed
{
    public LoopId Id { get; protected set; }

    public string TaskName => group.Name;

    protected KeyGroup Group => group;

    object IKeyed.Key => BoxedKey;

    public abstract double Phase { get; }

    public abstract IKeyed Copy();

    /// <summary>The runner that the loop is attached to; null: none.</summary>
    public LoopRunner? Runner => group.Rows.RunnerOf(Id)?.Runner;

    protected abstract object BoxedKey { get; }
}

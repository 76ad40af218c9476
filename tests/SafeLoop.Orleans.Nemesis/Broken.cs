namespace ClusterNemesis;

/// <summary>What is broken on purpose, to see that the checker finds it.</summary>
public enum Broken
{
    Nothing,

    /// <summary>
    /// A silo believes in its lease for ever: its clocks do not see that it stood still, and no renewal is refused.
    /// </summary>
    Lease,

    /// <summary>A silo believes that it has taken each shard it asked for, whoever owns it.</summary>
    Cas,
}

namespace Nemesis;

/// <summary>What is broken on purpose, to see that the checker finds it.</summary>
public enum Broken
{
    Nothing,

    /// <summary>The store of the guarded writes does not look at the fencing token.</summary>
    Fencing,

    /// <summary>Leases are not renewed.</summary>
    Renewal,
}

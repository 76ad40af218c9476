namespace SafeLoop;

/// <summary>What became of a value that code or a layer of the configuration has set.</summary>
internal enum OptionFate
{
    /// <summary>It is in force.</summary>
    InForce,

    /// <summary>A higher layer has set the same option.</summary>
    Replaced,

    /// <summary>A higher layer has named a schedule, which hides this one or its zone.</summary>
    Hidden,

    /// <summary>A higher layer has reset its group with a null.</summary>
    Reset,
}

namespace SafeLoop;

/// <summary>What sets options, lowest first.</summary>
internal enum OptionSource
{
    /// <summary>The verbs and options of the application.</summary>
    Code,

    /// <summary>A layer of the configuration.</summary>
    Configuration,

    /// <summary>Code that runs after the configuration, with <c>PostConfigure</c>.</summary>
    LaterCode,

    /// <summary>A change at run time, which is stored where there is a store.</summary>
    Change,
}

namespace SafeLoop.Tool;

/// <summary>How to capture a running process.</summary>
internal enum CaptureMeans
{
    /// <summary>The heap graph; a dump only if a part of it is lost.</summary>
    Graph,

    /// <summary>A dump at once, deleted after reading.</summary>
    Dump,

    /// <summary>Stop the process and read its memory.</summary>
    Attach,
}

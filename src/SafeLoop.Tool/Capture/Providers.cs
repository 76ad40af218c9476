namespace SafeLoop.Tool;

/// <summary>The runtime's event providers.</summary>
internal static class Providers
{
    public const string Runtime = "Microsoft-Windows-DotNETRuntime";
    public const string Rundown = "Microsoft-Windows-DotNETRuntimeRundown";
}

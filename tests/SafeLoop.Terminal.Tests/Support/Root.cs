namespace SafeLoop.Terminal.Tests;

/// <summary>The folder of the repository.</summary>
internal static class Root
{
    public static string Folder { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "SafeLoop.sln")) ? folder : Find(Path.GetDirectoryName(folder)!);
}

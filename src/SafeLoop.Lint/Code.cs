namespace SafeLoop.Lint;

/// <summary>The C# code at a path, in units that are compiled together. Each is made when it is asked for, and can be
/// forgotten after.</summary>
internal static class Code
{
    public static IAsyncEnumerable<Unit> OpenAsync(string path, Problems problems, CancellationToken cancellationToken)
    {
        if (Directory.Exists(path))
            return new FolderCode(path, problems).OpenAsync(cancellationToken);
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no solution, project or folder at '{path}'.", path);
        if (!IsSolution(path) && !HasExtension(path, ".csproj"))
            throw new IOException($"'{path}' is neither a solution (.sln, .slnx, .slnf) nor a C# project (.csproj). "
                + "Name one of these, or a folder.");
        return BuildCode.OpenAsync(path, problems, cancellationToken);
    }

    public static bool IsSolution(string path) => HasExtension(path, ".sln") || HasExtension(path, ".slnx")
        || HasExtension(path, ".slnf");

    private static bool HasExtension(string path, string extension) =>
        Path.GetExtension(path).Equals(extension, StringComparison.OrdinalIgnoreCase);
}

using System.Text.Json;
using Microsoft.CodeAnalysis;

namespace SafeLoop.Lint;

/// <summary>The packages of a project that was restored, from the list that <c>dotnet restore</c> leaves in <c>obj</c>.</summary>
internal static class Packages
{
    private static readonly Dictionary<string, MetadataReference> Known = new(StringComparer.Ordinal);

    public static IReadOnlyList<MetadataReference> Of(ProjectFile project)
    {
        var assets = Path.Combine(project.Folder, "obj", "project.assets.json");
        if (project.Folder.Length == 0 || !File.Exists(assets))
            return [];
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(assets));
            return [.. FilesIn(json.RootElement).Select(Reference)];
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException
            or InvalidOperationException or KeyNotFoundException)
        {
            return []; // Restored by something else: what comes from packages is guessed by its name, as without a restore.
        }
    }

    private static List<string> FilesIn(JsonElement assets)
    {
        var folders = assets.GetProperty("packageFolders").EnumerateObject().Select(folder => folder.Name).ToList();
        var libraries = assets.GetProperty("libraries");
        var files = new List<string>();
        foreach (var package in assets.GetProperty("targets").EnumerateObject().First().Value.EnumerateObject())
        {
            if (!package.Value.TryGetProperty("compile", out var compiled)
                || !libraries.GetProperty(package.Name).TryGetProperty("path", out var path))
                continue;
            files.AddRange(compiled.EnumerateObject().Where(file => file.Name
                .EndsWith(".dll", StringComparison.OrdinalIgnoreCase))
                .Select(file => folders.Select(folder => Path.Combine(folder, path.GetString()!, file.Name))
                    .FirstOrDefault(File.Exists)).Where(file => file is not null)!);
        }

        return files;
    }

    private static MetadataReference Reference(string file) =>
        Known.TryGetValue(file, out var known) ? known : Known[file] = MetadataReference.CreateFromFile(file);
}

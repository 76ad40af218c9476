namespace SafeLoop.Lint;

/// <summary>Which file belongs to which project: the nearest one above it.</summary>
internal static class Sources
{
    /// <summary>Not through links, which may lead in circles.</summary>
    private static readonly EnumerationOptions Everywhere = new() { RecurseSubdirectories = true, IgnoreInaccessible = true,
        AttributesToSkip = FileAttributes.ReparsePoint, MatchCasing = MatchCasing.CaseInsensitive };

    public static IEnumerable<string> Find(string folder, string pattern) =>
        Directory.EnumerateFiles(folder, pattern, Everywhere)
            .Where(file => !Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar)
                .Any(part => part is "bin" or "obj" or ".git" or "node_modules"))
            .Order(StringComparer.Ordinal);

    /// <param name="folder">Where to look.</param>
    /// <param name="projects">The projects in it, by path.</param>
    /// <returns>The files of each project; those of none have the path "".</returns>
    public static Dictionary<string, List<string>> Of(string folder, IReadOnlyDictionary<string, ProjectFile> projects)
    {
        var owners = projects.Values.GroupBy(project => project.Folder, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.First().Path, StringComparer.Ordinal);
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        var files = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var file in Find(folder, "*.cs"))
        {
            var owner = OwnerOf(Path.GetDirectoryName(file)!);
            if (owner.Length > 0 && projects[owner].Excludes(file))
                continue;
            Add(owner, file);
        }

        foreach (var project in projects.Values)
        {
            foreach (var linked in project.Links.Where(link => !files.TryGetValue(project.Path, out var own) || !own
                .Contains(link)))
                Add(project.Path, linked);
        }

        return files;

        void Add(string owner, string file)
        {
            if (!files.TryGetValue(owner, out var list))
                files[owner] = list = [];
            list.Add(file);
        }

        string OwnerOf(string directory)
        {
            if (known.TryGetValue(directory, out var owner))
                return owner;
            if (!owners.TryGetValue(directory, out owner))
                owner = directory.Length > folder.Length && Path.GetDirectoryName(directory) is { } parent ? OwnerOf(parent) : "";
            return known[directory] = owner;
        }
    }
}

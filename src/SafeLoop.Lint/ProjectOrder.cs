namespace SafeLoop.Lint;

/// <summary>Projects after those they refer to.</summary>
internal static class ProjectOrder
{
    public static IEnumerable<(ProjectFile Project, IReadOnlyList<string> Files)> Of(IReadOnlyDictionary<string,
        ProjectFile> projects, Dictionary<string, List<string>> files)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var ordered = new List<ProjectFile>();
        foreach (var project in projects.Values.OrderBy(project => project.Path, StringComparer.Ordinal))
            Visit(project);
        foreach (var project in ordered.Where(project => files.ContainsKey(project.Path)))
            yield return (project, files[project.Path]);
        if (files.TryGetValue("", out var loose))
            yield return (ProjectFile.None, loose);

        void Visit(ProjectFile project)
        {
            if (!seen.Add(project.Path))
                return;
            foreach (var path in project.References)
            {
                if (projects.TryGetValue(path, out var reference))
                    Visit(reference);
            }

            ordered.Add(project);
        }
    }
}

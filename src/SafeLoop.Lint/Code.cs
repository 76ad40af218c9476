using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.MSBuild;
using Microsoft.CodeAnalysis.Text;

namespace SafeLoop.Lint;

/// <summary>The C# projects at a path, opened as the compiler would see them.</summary>
internal sealed class Code(Workspace workspace) : IDisposable
{
    private static readonly string[] Solutions = [".sln", ".slnx", ".slnf"];

    public IEnumerable<Project> Projects => workspace.CurrentSolution.Projects.Where(project => project.Language == LanguageNames.CSharp);

    public static async Task<Code> OpenAsync(string path, List<string> problems, CancellationToken cancellationToken)
    {
        if (Directory.Exists(path))
            return await OpenFolderAsync(path, problems, cancellationToken).ConfigureAwait(false);
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no solution, project or folder at '{path}'.", path);
        return await OpenBuildAsync([path], problems, cancellationToken).ConfigureAwait(false);
    }

    public void Dispose() => workspace.Dispose();

    private static async Task<Code> OpenFolderAsync(string folder, List<string> problems, CancellationToken cancellationToken)
    {
        var solutions = Directory.GetFiles(folder).Where(file => Solutions.Contains(Path.GetExtension(file))).ToList();
        if (solutions.Count == 1)
            return await OpenBuildAsync(solutions, problems, cancellationToken).ConfigureAwait(false);
        var projects = Sources(folder, "*.csproj").ToList();
        return projects.Count > 0 ? await OpenBuildAsync(projects, problems, cancellationToken).ConfigureAwait(false) : OpenLoose(folder);
    }

    private static async Task<Code> OpenBuildAsync(IEnumerable<string> paths, List<string> problems, CancellationToken cancellationToken)
    {
        var workspace = MSBuildWorkspace.Create();
        workspace.LoadMetadataForReferencedProjects = true;
        using var failures = workspace.RegisterWorkspaceFailedHandler(failed =>
        {
            lock (problems)
                problems.Add(failed.Diagnostic.Message);
        });
        foreach (var path in paths)
        {
            if (Solutions.Contains(Path.GetExtension(path)))
                await workspace.OpenSolutionAsync(path, cancellationToken: cancellationToken).ConfigureAwait(false);
            else if (workspace.CurrentSolution.Projects.All(project => project.FilePath != path))
                await workspace.OpenProjectAsync(path, cancellationToken: cancellationToken).ConfigureAwait(false);
        }

        return new(workspace);
    }

    /// <summary>Files that no project claims: what they call is known only as far as the platform goes.</summary>
    private static Code OpenLoose(string folder)
    {
        var workspace = new AdhocWorkspace();
        var platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(file => Path.GetFileName(file).StartsWith("System.", StringComparison.Ordinal)).Select(file => MetadataReference.CreateFromFile(file));
        var project = ProjectId.CreateNewId();
        workspace.AddProject(ProjectInfo.Create(project, VersionStamp.Default, Path.GetFileName(folder), "Loose", LanguageNames.CSharp,
            compilationOptions: new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true), metadataReferences: platform));
        foreach (var file in Sources(folder, "*.cs"))
        {
            var text = TextLoader.From(TextAndVersion.Create(SourceText.From(File.ReadAllText(file)), VersionStamp.Default, file));
            workspace.AddDocument(DocumentInfo.Create(DocumentId.CreateNewId(project), Path.GetFileName(file), loader: text, filePath: file));
        }

        return new(workspace);
    }

    private static IEnumerable<string> Sources(string folder, string pattern) =>
        Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or ".git"))
            .Order(StringComparer.Ordinal);
}

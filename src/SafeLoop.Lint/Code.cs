using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.MSBuild;
using Microsoft.CodeAnalysis.Text;

namespace SafeLoop.Lint;

/// <summary>The C# projects at a path, opened as the compiler would see them.</summary>
internal sealed class Code(Workspace workspace) : IDisposable
{
    /// <summary>Not through links, which may lead in circles.</summary>
    private static readonly EnumerationOptions Everywhere = new() { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint };

    public IEnumerable<Project> Projects => workspace.CurrentSolution.Projects.Where(project => project.Language == LanguageNames.CSharp);

    public static async Task<Code> OpenAsync(string path, List<string> problems, CancellationToken cancellationToken)
    {
        if (Directory.Exists(path))
            return await OpenFolderAsync(path, problems, cancellationToken).ConfigureAwait(false);
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no solution, project or folder at '{path}'.", path);
        if (!IsSolution(path) && !HasExtension(path, ".csproj"))
            throw new IOException($"'{path}' is neither a solution (.sln, .slnx, .slnf) nor a C# project (.csproj). Name one of these, or a folder.");
        return await OpenBuildAsync([path], problems, cancellationToken).ConfigureAwait(false);
    }

    public void Dispose() => workspace.Dispose();

    private static async Task<Code> OpenFolderAsync(string folder, List<string> problems, CancellationToken cancellationToken)
    {
        var solutions = Directory.GetFiles(folder).Where(IsSolution).ToList();
        if (solutions.Count == 1)
            return await OpenBuildAsync(solutions, problems, cancellationToken).ConfigureAwait(false);
        var projects = Sources(folder, "*.csproj").ToList();
        return projects.Count > 0 ? await OpenBuildAsync(projects, problems, cancellationToken).ConfigureAwait(false) : OpenLoose(folder, problems);
    }

    private static async Task<Code> OpenBuildAsync(IEnumerable<string> paths, List<string> problems, CancellationToken cancellationToken)
    {
        var workspace = MSBuildWorkspace.Create();
        using var failures = workspace.RegisterWorkspaceFailedHandler(failed =>
        {
            if (failed.Diagnostic.Kind == WorkspaceDiagnosticKind.Failure)
                Note(failed.Diagnostic.Message);
        });
        foreach (var path in paths)
        {
            try
            {
                await OpenAsync(workspace, path, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception error) when (error is not OperationCanceledException) // The readers of each format have exceptions of their own, and one broken file must not hide the others.
            {
                Note($"'{path}' could not be opened: {error.Message}");
            }
        }

        return new(workspace);

        void Note(string problem)
        {
            lock (problems)
                problems.Add(problem);
        }
    }

    private static async Task OpenAsync(MSBuildWorkspace workspace, string path, CancellationToken cancellationToken)
    {
        if (IsSolution(path))
            await workspace.OpenSolutionAsync(path, cancellationToken: cancellationToken).ConfigureAwait(false);
        else if (workspace.CurrentSolution.Projects.All(project => project.FilePath != path))
            await workspace.OpenProjectAsync(path, cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Files that no project claims: what they call is known only as far as the platform goes.</summary>
    private static Code OpenLoose(string folder, List<string> problems)
    {
        var workspace = new AdhocWorkspace();
        var platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(file => Path.GetFileName(file).StartsWith("System.", StringComparison.Ordinal)).Select(file => MetadataReference.CreateFromFile(file));
        var project = ProjectId.CreateNewId();
        workspace.AddProject(ProjectInfo.Create(project, VersionStamp.Default, Path.GetFileName(folder), "Loose", LanguageNames.CSharp,
            compilationOptions: new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true), metadataReferences: platform));
        foreach (var file in Sources(folder, "*.cs"))
        {
            try
            {
                var text = TextLoader.From(TextAndVersion.Create(SourceText.From(File.ReadAllText(file)), VersionStamp.Default, file));
                workspace.AddDocument(DocumentInfo.Create(DocumentId.CreateNewId(project), Path.GetFileName(file), loader: text, filePath: file));
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                problems.Add($"'{file}' could not be read: {error.Message}");
            }
        }

        return new(workspace);
    }

    private static bool IsSolution(string path) => HasExtension(path, ".sln") || HasExtension(path, ".slnx") || HasExtension(path, ".slnf");

    private static bool HasExtension(string path, string extension) => Path.GetExtension(path).Equals(extension, StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<string> Sources(string folder, string pattern) =>
        Directory.EnumerateFiles(folder, pattern, Everywhere)
            .Where(file => !Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or ".git"))
            .Order(StringComparer.Ordinal);
}

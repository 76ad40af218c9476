using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace SafeLoop.Lint;

/// <summary>
/// The C# files of a folder, compiled by project without a build: the project files are read for what matters here,
/// and packages are found if they were restored. Files that no project claims are compiled together.
/// </summary>
internal sealed class FolderCode(string folder, Problems problems)
{
    /// <summary>Projects that others wait for, and no longer than that.</summary>
    private readonly Dictionary<string, Compilation> _compiled = new(StringComparer.Ordinal);
    private Dictionary<string, int> _waiting = [];
    private readonly EditorConfigs _configs = new(folder);

    public async IAsyncEnumerable<Unit> OpenAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var projects = ProjectFile.AllIn(folder, problems);
        _waiting = projects.Values.SelectMany(project => project.References).GroupBy(path => path, StringComparer.Ordinal)
            .ToDictionary(uses => uses.Key, uses => uses.Count(), StringComparer.Ordinal);
        foreach (var (project, files) in ProjectOrder.Of(projects, Sources.Of(folder, projects)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var trees = Parse(files, project);
            foreach (var unit in Compile(project, trees))
                yield return unit;
            foreach (var path in project.References.Where(path => --_waiting[path] == 0))
                _compiled.Remove(path);
            await Task.CompletedTask.ConfigureAwait(false);
        }
    }

    private IEnumerable<Unit> Compile(ProjectFile project, IReadOnlyList<SyntaxTree> trees)
    {
        var references = new List<MetadataReference>(PlatformReferences.All);
        references.AddRange(Packages.Of(project));
        references.AddRange(project.References.Select(path => _compiled.GetValueOrDefault(path))
            .Where(compiled => compiled is not null).Select(compiled => compiled!.ToMetadataReference()));
        var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true)
            .WithSyntaxTreeOptionsProvider(_configs);
        var empty = CSharpCompilation.Create(project.Name, project.Usings is { } usings ? [usings] : [], references, options);
        foreach (var (looked, others) in Collisions.Apart(trees))
        {
            var compilation = empty.AddSyntaxTrees(looked).AddSyntaxTrees(others);
            if (_waiting.GetValueOrDefault(project.Path) > 0)
                _compiled.TryAdd(project.Path, compilation);
            yield return new(compilation, _configs.Options, looked.Select(tree => tree.FilePath));
        }
    }

    private List<SyntaxTree> Parse(IReadOnlyList<string> files, ProjectFile project)
    {
        var trees = new SyntaxTree?[files.Count];
        Parallel.For(0, files.Count, index =>
        {
            try
            {
                using var stream = File.OpenRead(files[index]);
                trees[index] = CSharpSyntaxTree.ParseText(SourceText.From(stream), project.ParseOptions, files[index]);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                problems.Add($"'{files[index]}' could not be read: {error.Message}");
            }
        });
        return [.. trees.OfType<SyntaxTree>()];
    }
}

using System.Xml;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace SafeLoop.Lint;

/// <summary>
/// What a project file says about its code, read without a build: conditions and imports are not evaluated, except
/// for implicit usings in a
/// <c>Directory.Build.props</c>.
/// </summary>
internal sealed class ProjectFile
{
    private readonly List<string> _excluded = [];

    private ProjectFile(string path, XElement project)
    {
        Path = path;
        Folder = path.Length > 0 ? System.IO.Path.GetDirectoryName(path)! : "";
        Name = path.Length > 0 ? System.IO.Path.GetFileNameWithoutExtension(path) : "Loose";
        var elements = project.Descendants().ToList();
        References = [.. Includes(elements, "ProjectReference").Select(FullPath)];
        Links = [.. Includes(elements, "Compile").Where(include => !include.Contains('*', StringComparison.Ordinal))
            .Select(FullPath).Where(File.Exists)];
        _excluded.AddRange(elements.Where(element => element.Name.LocalName == "Compile")
            .Select(element => (string?)element.Attribute("Remove")).Where(removed => removed is not null)
            .Select(removed => Clean(removed!)));
        var symbols = elements.Where(element => element.Name.LocalName == "DefineConstants")
            .SelectMany(element => element.Value.Split(';', ',')).Select(symbol => symbol.Trim())
            .Where(SyntaxFacts.IsValidIdentifier);
        ParseOptions = new(LanguageVersion.Preview, DocumentationMode.None, preprocessorSymbols: PlatformReferences.Symbols
            .Concat(symbols));
        Usings = ImplicitUsings.Of(project, Folder, ParseOptions);
    }

    /// <summary>The project of files that have none: the usual namespaces are in scope for them, as far as they do
    /// not say otherwise.</summary>
    public static ProjectFile None { get; } = new("", new("Project"));

    public string Path { get; }

    public string Folder { get; }

    public string Name { get; }

    /// <summary>Full paths of other projects.</summary>
    public IReadOnlyList<string> References { get; }

    /// <summary>Files that are named, often from other folders.</summary>
    public IReadOnlyList<string> Links { get; }

    public CSharpParseOptions ParseOptions { get; }

    /// <summary>Null unless the project has them.</summary>
    public SyntaxTree? Usings { get; }

    public static IReadOnlyDictionary<string, ProjectFile> AllIn(string folder, Problems problems)
    {
        var projects = new SortedDictionary<string, ProjectFile>(StringComparer.Ordinal);
        foreach (var path in Sources.Find(folder, "*.csproj"))
        {
            try
            {
                projects.Add(path, new(path, XElement.Load(path)));
            }
            catch (Exception error) when (error is XmlException or IOException or UnauthorizedAccessException)
            {
                problems.Add($"'{path}' could not be read: {error.Message}");
            }
        }

        return projects;
    }

    /// <summary>A folder or a file that is removed; patterns in the middle of a name are not understood.</summary>
    public bool Excludes(string file)
    {
        var relative = System.IO.Path.GetRelativePath(Folder, file).Replace('\\', '/');
        return _excluded.Any(pattern => pattern.EndsWith("/**", StringComparison.Ordinal)
            || pattern.EndsWith("/**/*.cs", StringComparison.Ordinal) || pattern.EndsWith("/**/*", StringComparison.Ordinal)
            ? relative.StartsWith(pattern[..(pattern.IndexOf("/**", StringComparison.Ordinal) + 1)],
                StringComparison.OrdinalIgnoreCase)
            : relative.Equals(pattern, StringComparison.OrdinalIgnoreCase));
    }

    private static IEnumerable<string> Includes(List<XElement> elements, string name) => elements
        .Where(element => element.Name.LocalName == name).Select(element => (string?)element.Attribute("Include"))
            .Where(include => include is not null && !include.Contains('$', StringComparison.Ordinal))!;

    private static string Clean(string path) => path.Trim().Replace('\\', '/');

    private string FullPath(string include) => System.IO.Path.GetFullPath(System.IO.Path
        .Combine(Folder.Length > 0 ? Folder : "/", Clean(include)));
}

using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace SafeLoop.Tool;

/// <summary>An assembly on disk with its symbols: portable, beside it, where it was built, or embedded.</summary>
internal sealed class ModuleFile : IDisposable
{
    private readonly PEReader _image;
    private readonly Lazy<MetadataReaderProvider?> _symbols;

    private ModuleFile(PEReader image, string path)
    {
        _image = image;
        Path = path;
        Metadata = image.GetMetadataReader();
        _symbols = new(() => OpenSymbols(image, path));
    }

    public string Path { get; }

    public MetadataReader Metadata { get; }

    /// <summary>Null when there are none to be found.</summary>
    public MetadataReader? Symbols => _symbols.Value?.GetMetadataReader();

    /// <returns>Null when it is not on this disk, no assembly, or another build than the one that was loaded.</returns>
    public static ModuleFile? TryOpen(HeapModule module, int processId)
    {
        foreach (var path in Places(module.Path, processId).Where(SpecialFile.IsNot))
        {
            PEReader? image = null;
            try
            {
                image = new PEReader(File.OpenRead(path));
                if (image.HasMetadata && IsTheBuild(image, module.PdbSignature))
                {
                    var file = new ModuleFile(image, path);
                    image = null;
                    return file;
                }
            }
            catch (Exception error)
                when (error is IOException or UnauthorizedAccessException or BadImageFormatException or InvalidOperationException)
            {
                // Not here: the report then uses the name of the type on the heap.
            }
            finally
            {
                image?.Dispose();
            }
        }

        return null;
    }

    /// <summary>None of code that is not IL, or was encrypted; a token that names nothing is 0.</summary>
    public IReadOnlyList<IlInstruction> CodeOf(MethodDefinitionHandle method)
    {
        var definition = Metadata.GetMethodDefinition(method);
        if (definition.RelativeVirtualAddress == 0
            || (definition.ImplAttributes & MethodImplAttributes.CodeTypeMask) != MethodImplAttributes.IL)
            return [];

        try
        {
            var code = IlCode.Read(_image.GetMethodBody(definition.RelativeVirtualAddress).GetILBytes());
            return [.. code.Select(line => IsThere(line.Token) ? line : line with { Token = 0 })];
        }
        catch (Exception error) when (error is BadImageFormatException or ArgumentException)
        {
            return [];
        }
    }

    public void Dispose()
    {
        if (_symbols.IsValueCreated)
            _symbols.Value?.Dispose();
        _image.Dispose();
    }

    private bool IsThere(int token) => MetadataTokens.TryGetTableIndex((HandleKind)(token >>> 24), out var table)
        && (token & 0xFFFFFF) <= Metadata.GetTableRowCount(table);

    /// <summary>A process in a container sees other files under the same path: ask through its own root first.</summary>
    private static IEnumerable<string> Places(string path, int processId)
    {
        if (path.Length == 0)
            yield break;
        if (processId > 0 && OperatingSystem.IsLinux() && Directory.Exists($"/proc/{processId}/root/"))
            yield return $"/proc/{processId}/root{path}";
        yield return path;
    }

    private static bool IsTheBuild(PEReader image, Guid signature)
    {
        if (signature == Guid.Empty)
            return true;

        var entries = image.ReadDebugDirectory().Where(entry => entry.Type == DebugDirectoryEntryType.CodeView).ToArray();
        return entries.Length == 0 || entries.Any(entry => image.ReadCodeViewDebugDirectoryData(entry).Guid == signature);
    }

    private static MetadataReaderProvider? OpenSymbols(PEReader image, string path)
    {
        try
        {
            return image.TryOpenAssociatedPortablePdb(path, file => SpecialFile.IsNot(file) ? File.OpenRead(file) : null,
                out var provider, out _)
                ? provider
                : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or BadImageFormatException)
        {
            return null; // broken symbols are no symbols
        }
    }
}

namespace SafeLoop.Tool;

/// <summary>An assembly file loaded in the process, and the signature of the symbols it was built with.</summary>
internal sealed record HeapModule(string Path, Guid PdbSignature, string PdbPath);

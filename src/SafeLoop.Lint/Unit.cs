using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace SafeLoop.Lint;

/// <summary>Code that is compiled together.</summary>
/// <param name="Compilation">The code.</param>
/// <param name="Options">What the <c>.editorconfig</c> files say about it.</param>
/// <param name="Files">The files that are looked at, by path.</param>
internal sealed record Unit(Compilation Compilation, AnalyzerOptions Options, IEnumerable<string> Files);

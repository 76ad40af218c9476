using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Testing;

namespace SafeLoop.Analyzers.Tests.Support;

/// <summary>The platform the tests run on, as references for the code they compile: nothing is downloaded.</summary>
internal static class Platform
{
    public static ReferenceAssemblies None { get; } = new("net10.0");

    public static ImmutableArray<MetadataReference> References { get; } =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Where(IsPlatform)
            .Select(path => MetadataReference.CreateFromFile(path))];

    /// <summary>What code with recurring tasks needs beside the platform.</summary>
    public static MetadataReference[] SafeLoop { get; } =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is "SafeLoop.dll" or "System.ComponentModel.dll"
                or "System.Runtime.Extensions.dll"
                || Path.GetFileName(path).StartsWith("Microsoft.Extensions.", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path))];

    public static ImmutableArray<DiagnosticAnalyzer> Analyzers { get; } =
        [new SelfReschedulingAnalyzer(), new MutualReschedulingAnalyzer(), new BackgroundLoopAnalyzer()];

    /// <summary>As little of it as the tests use: each reference costs every test time.</summary>
    private static bool IsPlatform(string path) => Path.GetFileNameWithoutExtension(path) is
        "System.Private.CoreLib" or "System.Runtime" or "System.Collections" or "System.Linq" or "System.Threading"
            or "System.Console" or "netstandard";
}

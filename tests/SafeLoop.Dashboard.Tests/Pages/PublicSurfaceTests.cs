using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Components;

namespace SafeLoop.Dashboard.Tests;

/// <summary>The compiler of Razor makes components public, so the analyzer of the public surface is off.</summary>
public sealed class PublicSurfaceTests
{
    [Fact]
    public void Only_components_are_public_beside_the_types_of_the_list()
    {
        var list = File.ReadAllText(Path.Combine(FolderOf(), "../../../src/SafeLoop.Dashboard/PublicAPI.Unshipped.txt"));
        foreach (var type in typeof(RecurringTaskOperation).Assembly.GetExportedTypes())
        {
            if (type.Namespace == "SafeLoop.Dashboard.Pages")
                Assert.True(type.IsSubclassOf(typeof(ComponentBase)), $"{type} is public and no component.");
            else
                Assert.Contains(type.FullName!, list);
        }
    }

    private static string FolderOf([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}

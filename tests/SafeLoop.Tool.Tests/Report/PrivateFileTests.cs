using System.Text;
using SafeLoop.Tool.Tests.Support;

namespace SafeLoop.Tool.Tests.Report;

/// <summary>Files of safeloop are readable by their owner only, whole or absent, and never replace another user's.</summary>
public sealed class PrivateFileTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    private string Page => Path.Combine(_folder.Root, "page.html");

    [Fact]
    public void What_lies_in_the_way_is_neither_followed_nor_taken_over()
    {
        var precious = Path.Combine(_folder.Root, "precious");
        File.WriteAllText(precious, "precious");
        File.CreateSymbolicLink(Page + ".partial", precious);

        Write("page");

        Assert.Equal(("precious", "page"), (File.ReadAllText(precious), File.ReadAllText(Page)));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Page));
    }

    [Fact]
    public void What_could_not_be_written_whole_leaves_nothing_behind()
    {
        Assert.Throws<ToolException>(() => PrivateFile.Write(Page, _ => throw new IOException("disk full")));

        Assert.Empty(Directory.GetFileSystemEntries(_folder.Root));
    }

    public void Dispose() => _folder.Dispose();

    private void Write(string text) => PrivateFile.Write(Page, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
}

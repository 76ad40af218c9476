namespace SafeLoop.Tool;

/// <summary>Writes a file only its owner may read, whole or not at all.</summary>
internal static class PrivateFile
{
    /// <summary>Says now what would be in the way later, when there is something to write.</summary>
    /// <exception cref="ToolException">It cannot be written.</exception>
    public static void Check(string path)
    {
        if (string.IsNullOrWhiteSpace(path) || Directory.Exists(path))
            throw new ToolException(ExitCode.Usage, $"'{path}' is no file to write to. Name one.");
        if (SpecialFile.Is(path))
            throw new ToolException(
                ExitCode.Failed, $"'{path}' could not be written: it is a device or a pipe, and would be replaced. Name a file.");
        if (!Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path))))
            throw new ToolException(ExitCode.Failed, $"'{path}' could not be written: there is no such folder. Make it first.");
    }

    public static void Write(string path, Action<Stream> write)
    {
        Check(path);
        var partial = $"{path}.{Path.GetRandomFileName()}"; // a random name: no file or link of others is there
        using var undo = Termination.RegisterUndo(() => Forget(partial));
        try
        {
            using (var file = new FileStream(partial, Options()))
                write(file);
            File.Move(partial, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Forget(partial);
            throw new ToolException(ExitCode.Failed, $"'{path}' could not be written: {error.Message}", error);
        }
    }

    private static FileStreamOptions Options()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }

    private static void Forget(string partial)
    {
        try
        {
            File.Delete(partial);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The first failure is the one to report.
        }
    }
}

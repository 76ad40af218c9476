namespace SafeLoop.Tool;

/// <summary>Writes a file only its owner may read, whole or not at all.</summary>
internal static class PrivateFile
{
    public static void Write(string path, Action<Stream> write)
    {
        if (SpecialFile.Is(path))
            throw new ToolException(ExitCode.Failed, $"'{path}' could not be written: it is a device or a pipe, and would be replaced. Name a file.");

        var partial = path + ".partial";
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
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
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
            // The first failure is the one to tell.
        }
    }
}

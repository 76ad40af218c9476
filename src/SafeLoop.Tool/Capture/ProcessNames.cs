using System.Globalization;

namespace SafeLoop.Tool;

/// <summary>What a .NET process is called: <c>dotnet App.dll</c> is App.</summary>
internal static class ProcessNames
{
    public static string? Of(int id)
    {
        try
        {
            var arguments = File.ReadAllText($"/proc/{id.ToString(CultureInfo.InvariantCulture)}/cmdline")
                .Split('\0', StringSplitOptions.RemoveEmptyEntries);
            var program = arguments.Length > 0 && Path.GetFileNameWithoutExtension(arguments[0]) == "dotnet"
                ? arguments.Skip(1).FirstOrDefault(argument => argument.EndsWith(".dll", StringComparison.OrdinalIgnoreCase))
                    ?? arguments[0]
                : arguments.FirstOrDefault();
            return program is null
                ? null
                : Text.Printable(program.EndsWith(".dll", StringComparison.OrdinalIgnoreCase)
                    ? Path.GetFileNameWithoutExtension(program)
                    : Path.GetFileName(program));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null; // not Linux, not ours, or gone: the system's own name will do
        }
    }
}

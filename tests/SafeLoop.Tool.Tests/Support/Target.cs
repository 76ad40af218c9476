using System.Globalization;

namespace SafeLoop.Tool.Tests.Support;

/// <summary>Starts one of the programs to look at and waits until it stands.</summary>
internal static class Target
{
    public static async Task<RunningProgram> StartAsync(string build, string name, int count, IReadOnlyDictionary<string, string>? environment = null)
    {
        var program = RunningProgram.StartDotnet(Repository.Target(build), [name, count.ToString(CultureInfo.InvariantCulture)], environment);
        try
        {
            await program.LineAsync(line => line == "ready");
            return program;
        }
        catch
        {
            program.Dispose();
            throw;
        }
    }

    /// <summary>Lets it run so many iterations more.</summary>
    public static async Task MoreAsync(this RunningProgram target, int iterations)
    {
        await target.SayAsync("more " + iterations.ToString(CultureInfo.InvariantCulture));
        await target.LineAsync(line => line == "ready");
    }
}

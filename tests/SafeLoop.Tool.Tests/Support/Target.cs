using System.Globalization;

namespace SafeLoop.Tool.Tests.Support;

/// <summary>Starts one of the programs to look at and waits until it stands.</summary>
internal static class Target
{
    public static Task<RunningProgram> StartAsync(string build, string name, int count, IReadOnlyDictionary<string,
        string>? environment = null) =>
        StandingAsync(RunningProgram.StartDotnet(Repository.Target(build), [name, count.ToString(CultureInfo.InvariantCulture)],
            environment));

    /// <param name="framework">net8.0 or net9.0.</param>
    /// <param name="name">One of the programs there.</param>
    /// <param name="count">How many iterations.</param>
    public static Task<RunningProgram> StartOlderAsync(string framework, string name, int count) =>
        StandingAsync(RunningProgram.Start(Repository.OlderTarget(framework),
            [name, count.ToString(CultureInfo.InvariantCulture)]));

    private static async Task<RunningProgram> StandingAsync(RunningProgram program)
    {
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

    /// <summary>Several captures of a program that goes on meanwhile.</summary>
    /// <param name="target">The program.</param>
    /// <param name="times">How many.</param>
    /// <param name="more">How many iterations between two of them.</param>
    public static async Task<IReadOnlyList<Func<Snapshot>>> CaptureAsync(this RunningProgram target, int times, int more)
    {
        var captures = new List<Snapshot> { target.Capture() };
        while (captures.Count < times)
        {
            if (more > 0)
                await target.MoreAsync(more);
            captures.Add(target.Capture());
        }

        return [.. captures.Select(capture => new Func<Snapshot>(() => capture))];
    }

    public static Snapshot Capture(this RunningProgram target) =>
        Heaps.Read(target.Id.ToString(CultureInfo.InvariantCulture), CaptureMeans.Graph, Patience.Last);
}

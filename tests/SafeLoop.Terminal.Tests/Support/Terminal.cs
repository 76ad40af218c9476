using System.CommandLine;

namespace SafeLoop.Terminal.Tests;

/// <summary>Runs the verbs of the tool safeloop in this process.</summary>
internal static class Terminal
{
    public const string Url = "http://localhost/loops";

    public static async Task<Ran> RunAsync(
        string[] args, Func<HttpMessageHandler>? handler, TimeProvider time, Func<string, string?>? environment = null,
        CancellationToken cancelled = default, TextWriter? output = null)
    {
        var root = new Command("safeloop");
        var source = new UrlOptions(environment ?? (_ => null), handler);
        foreach (var verb in new VerbSetup(source, time, isTerminal: false).CreateAll())
            root.Add(verb);
        using var errors = new StringWriter();
        output ??= new StringWriter();
        var code = await CommandRunner.RunAsync(root, args, cancelled, output, errors);
        return new(code, output.ToString()!, errors.ToString());
    }
}

using System.Diagnostics;
using System.Globalization;

namespace SafeLoop.Terminal.Tests.Store;

/// <summary>The tool as a process: what it watches ends in order with Ctrl+C.</summary>
public sealed class StoreProcessTests(StoredHost host) : IClassFixture<StoredHost>
{
    [Fact]
    public async Task What_is_watched_ends_with_a_signal_and_exit_code_0()
    {
        using var tool = Start();
        try
        {
            var written = 0;
            var reading = ReadAsync();
            await Patience.WaitAsync(reading, tool, () => written, "two lines");
            using (var kill = Process.Start("kill", ["-INT", tool.Id.ToString(CultureInfo.InvariantCulture)]))
                await kill.WaitForExitAsync();
            await Patience.WaitAsync(tool.WaitForExitAsync(), tool, () => written, "its end");

            Assert.All(
                await reading,
                line => Assert.StartsWith("{\"tasks\":[{\"name\":\"devices\"", line, StringComparison.Ordinal));
            Assert.Equal(0, tool.ExitCode);

            async Task<List<string?>> ReadAsync()
            {
                var lines = new List<string?>();
                while (lines.Count < 2)
                {
                    lines.Add(await tool.StandardOutput.ReadLineAsync());
                    written = lines.Count;
                }
                return lines;
            }
        }
        finally
        {
            if (!tool.HasExited)
                tool.Kill();
        }
    }

    private Process Start()
    {
        var isRelease = AppContext.BaseDirectory.Contains(Path.Combine("bin", "Release"), StringComparison.Ordinal);
        var assembly = Path.Combine(
            Root.Folder, "src/SafeLoop.Store.Tool/bin", isRelease ? "Release" : "Debug", "net10.0/SafeLoop.Store.Tool.dll");
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        // Where the tests run in the background of a shell, a process inherits that it ignores SIGINT.
        var start = new ProcessStartInfo(
            "env", ["--default-signal=INT", dotnet, assembly, "tasks", "--watch", "--interval", "1", "--json"])
        {
            RedirectStandardOutput = true,
        };
        start.Environment["SAFELOOP_STORE"] = host.ConnectionString;
        return Process.Start(start)!;
    }
}

using System.Diagnostics;

namespace LocalServers;

/// <summary>
/// PostgreSQL from the package <c>postgresql</c>. It refuses to run as root, so root starts it as the user <c>postgres</c>, in a
/// folder that this user can enter.
/// </summary>
public sealed class PostgresServer : LocalServer
{
    private const int MostConnections = 1000;
    private static readonly string[] AsPostgres = ["--reuid=postgres", "--regid=postgres", "--clear-groups"];

    private readonly string _data;
    private readonly string[] _binaries;
    private readonly bool _durable;

    /// <param name="durable">True: writes survive a power cut, as in production. False: faster.</param>
    public PostgresServer(bool durable = false) : base("postgres", Environment.IsPrivilegedProcess ? OpenPlace() : null)
    {
        _durable = durable;
        _data = Path.Combine(Folder, "data");
        _binaries = Directory.Exists("/usr/lib/postgresql")
            ? [.. Directory.GetDirectories("/usr/lib/postgresql").OrderDescending()
                .Select(version => Path.Combine(version, "bin"))]
            : [];
        if (Environment.IsPrivilegedProcess)
        {
            Run("chmod", "700", Folder);
            Run("chown", "postgres", Folder);
        }
        Initialize();
    }

    /// <summary>For Npgsql, through this port or that of a proxy.</summary>
    public string ConnectionString(int? port = null) =>
        $"Host=127.0.0.1;Port={Text(port ?? Port)};Username=postgres;Database=postgres;Maximum Pool Size=400";

    protected override ProcessStartInfo Command()
    {
        string[] settings =
        [
            $"listen_addresses=127.0.0.1", $"port={Text(Port)}", $"unix_socket_directories={Folder}",
            $"max_connections={Text(MostConnections)}", "shared_buffers=64MB",
            .. _durable ? Array.Empty<string>() : ["fsync=off"],
        ];
        var arguments = AsServer(Find("postgres", "postgresql", _binaries),
            ["-D", _data, .. settings.SelectMany(setting => new[] { "-c", setting })]);
        return new ProcessStartInfo("sh", ["-c", "exec \"$@\" >\"$0\" 2>&1", LogFile, .. arguments]);
    }

    // It accepts connections before it accepts sessions; the log says when it does.
    protected override bool Answers() =>
        Connects() && File.ReadLines(LogFile).Any(line => line.Contains("ready to accept connections", StringComparison.Ordinal));

    // The children of one that was killed live on for a moment.
    protected override bool MayTryAgain => ReadLog().Contains("pre-existing shared memory block", StringComparison.Ordinal);

    private void Initialize()
    {
        var command = AsServer(Find("initdb", "postgresql", _binaries),
            ["-D", _data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]);
        Run(command[0], command[1..]);
    }

    private static string[] AsServer(string program, string[] arguments) =>
        Environment.IsPrivilegedProcess ? ["setpriv", .. AsPostgres, program, .. arguments] : [program, .. arguments];

    /// <summary>A folder that the user <c>postgres</c> can enter: TMPDIR may be in a home that is closed to others.</summary>
    private static string OpenPlace() => new[] { Path.GetTempPath(), "/tmp" }.FirstOrDefault(IsOpen)
        ?? throw new InvalidOperationException(
            $"PostgreSQL runs as the user 'postgres', who can enter neither '{Path.GetTempPath()}' nor '/tmp'. "
            + "Set TMPDIR to a folder that this user can enter.");

    private static bool IsOpen(string folder)
    {
        var start = new ProcessStartInfo("setpriv", [.. AsPostgres, "test", "-x", folder]) { WorkingDirectory = "/" };
        using var test = Process.Start(start)!;
        test.WaitForExit();
        return test.ExitCode == 0;
    }
}

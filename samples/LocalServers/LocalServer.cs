using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace LocalServers;

/// <summary>
/// A server of the machine's own packages, started by us: a free port of the loopback, a folder that is
/// deleted, a process that is stopped by its id.
/// </summary>
public abstract class LocalServer : IDisposable
{
    /// <summary>A limit for a server that hangs. A server that exits is noticed at once.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private Process? _process;
    private bool _isFrozen;

    /// <param name="name">A part of the name of its folder.</param>
    /// <param name="place">Where its folder is created; null: the folder for temporary files.</param>
    protected LocalServer(string name, string? place = null) => Folder = place is null
        ? Directory.CreateTempSubdirectory($"safeloop-{name}-").FullName
        : Directory.CreateDirectory(Path.Combine(place, $"safeloop-{name}-{Path.GetRandomFileName()}")).FullName;

    /// <summary>The port it listens on. It keeps it over restarts.</summary>
    public int Port { get; } = FreePort();

    protected string Folder { get; }

    public bool IsRunning => _process is { HasExited: false };

    /// <summary>A port of the loopback that is free now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Starts it and waits until it answers.</summary>
    public void Start()
    {
        var began = TimeProvider.System.GetTimestamp();
        bool answers;
        do
        {
            _process?.Dispose();
            _process = Process.Start(Within(Folder, Command()))
                ?? throw new InvalidOperationException($"{GetType().Name} did not start.");
            answers = SpinWait.SpinUntil(() => _process.HasExited || Answers(), Patience) && !_process.HasExited;
        }
        while (!answers && MayTryAgain && TimeProvider.System.GetElapsedTime(began) < Patience);
        if (answers)
            return;
        End("KILL");
        throw new InvalidOperationException($"{GetType().Name} did not come up on port {Port}. See {LogFile}:\n{ReadLog()}");
    }

    /// <summary>Ends it as an operator would, and waits.</summary>
    public void Stop() => End("INT");

    /// <summary>Ends it as a power cut would, and waits.</summary>
    public void Kill() => End("KILL");

    /// <summary>Stops all its processes where they are: clients wait and get no error.</summary>
    public void Freeze()
    {
        _isFrozen = true;
        Run("kill", "-STOP", Text(_process!.Id)); // first, so that it starts no further one
        foreach (var child in Children(_process.Id))
            Run("kill", "-STOP", Text(child));
    }

    /// <summary>Its processes go on.</summary>
    public void Thaw()
    {
        if (!_isFrozen || !IsRunning)
            return;
        _isFrozen = false;
        foreach (var child in Children(_process!.Id))
            Run("kill", "-CONT", Text(child));
        Run("kill", "-CONT", Text(_process.Id));
    }

    public virtual void Dispose()
    {
        Stop();
        try
        {
            Directory.Delete(Folder, recursive: true);
        }
        catch (IOException) // a last child of the server is still writing; the folder is temporary anyway
        {
        }
        GC.SuppressFinalize(this);
    }

    protected string LogFile => Path.Combine(Folder, "log");

    /// <summary>It has ended by itself, for a reason that passes.</summary>
    protected virtual bool MayTryAgain => false;

    protected abstract ProcessStartInfo Command();

    protected abstract bool Answers();

    protected static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>A program of a Debian package, wherever that puts it.</summary>
    protected static string Find(string program, string package, params string[] folders) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Concat(folders)
            .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException(
            $"{program} is missing. Install the package '{package}': apt-get install {package}");

    protected void Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        using var process = Process.Start(Within(Folder, start))!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException(
                $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{output}{errors.Result}");
    }

    // A server that runs as another user may have no access to the current folder.
    private static ProcessStartInfo Within(string folder, ProcessStartInfo start)
    {
        start.WorkingDirectory = folder;
        return start;
    }

    protected bool Connects()
    {
        try
        {
            using var client = new TcpClient();
            client.Connect(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static IEnumerable<int> Children(int parent) => Directory.GetDirectories("/proc")
        .Select(folder => int.TryParse(Path.GetFileName(folder), out var id) ? id : 0)
        .Where(id => id != 0 && ParentOf(id) == parent).ToArray();

    // The fields after the name, which is in brackets and may hold spaces: state, parent, …
    private static int ParentOf(int process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{Text(process)}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException) // it has ended meanwhile
        {
            return 0;
        }
    }

    private void End(string signal)
    {
        if (_process is null)
            return;
        Thaw(); // a frozen process obeys no other signal
        if (!_process.HasExited)
            Run("kill", "-" + signal, Text(_process.Id));
        _process.WaitForExit();
        _process.Dispose();
        _process = null;
    }

    protected string ReadLog() => File.Exists(LogFile) ? File.ReadAllText(LogFile) : "(no log)";
}

using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Microsoft.Diagnostics.NETCore.Client;

namespace SafeLoop.Tool;

/// <summary>A process to look at: that it is there, that it is .NET, and what it is called.</summary>
internal sealed class TargetProcess
{
    internal TargetProcess(int id, string name, DateTime? started) =>
        (Id, Name, Started, Client) = (id, name, started, new DiagnosticsClient(id));

    public int Id { get; }

    public string Name { get; }

    /// <summary>Null where the system does not report it.</summary>
    public DateTime? Started { get; }

    public DiagnosticsClient Client { get; }

    public static TargetProcess Find(int id)
    {
        if (id <= 0)
            throw None(id); // to the system, groups of processes
        try
        {
            using var process = Process.GetProcessById(id);
            return new TargetProcess(id, ProcessNames.Of(id) ?? process.ProcessName, StartOf(process));
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException)
        {
            throw None(id, error);
        }
    }

    /// <summary>Asks the process for something and says in a sentence why it did not answer.</summary>
    public TResult Ask<TResult>(Func<DiagnosticsClient, TResult> question)
    {
        try
        {
            return question(Client);
        }
        catch (Exception error) when (error is ServerNotAvailableException or SocketException or UnauthorizedAccessException)
        {
            throw new ToolException(IsAlive() ? ExitCode.NotPermitted : ExitCode.Incomplete, WhyNot(error), error);
        }
        catch (Exception error) when (error is DiagnosticsClientException or IOException or TimeoutException)
        {
            throw IsAlive()
                ? new ToolException(ExitCode.Failed, $"Process {Id} ({Name}) refused: {error.Message}", error)
                : new ToolException(ExitCode.Incomplete, $"Process {Id} ({Name}) ended before it had answered.", error);
        }
    }

    public bool IsAlive()
    {
        try
        {
            using var process = Process.GetProcessById(Id);
            return !process.HasExited;
        }
        catch (Exception error)
            when (error is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    /// <summary>Numbers are given again: another process may have its number by now.</summary>
    public void MustStillRun()
    {
        if (!IsAlive() || Find(Id).Started != Started)
            throw new ToolException(ExitCode.Incomplete, $"Process {Id} ({Name}) ended before it was looked at again.");
    }

    private static ToolException None(int id, Exception? cause = null) =>
        new(ExitCode.Failed, $"There is no process {id.ToString(CultureInfo.InvariantCulture)}. "
            + "`safeloop ps` lists those that can be looked at.", cause);

    private static DateTime? StartOf(Process process)
    {
        try
        {
            return process.StartTime;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null; // another user's
        }
    }

    private string WhyNot(Exception error)
    {
        if (!IsAlive())
            return $"Process {Id} ({Name}) has ended.";

        var user = Environment.IsPrivilegedProcess ? null : ProcessUser.Other(Id); // root may ask everybody
        if (user is not null || error is UnauthorizedAccessException || error.InnerException is UnauthorizedAccessException
            || error is SocketException { SocketErrorCode: SocketError.AccessDenied })
            return user is null ? $"Process {Id} ({Name}) belongs to another user. Run safeloop as that user, or as root."
                : $"Process {Id} ({Name}) belongs to {user}. Run safeloop as {user}{(user == "root" ? "" : ", or as root")}.";
        if (Path.GetTempPath().Contains(' ', StringComparison.Ordinal))
            return $"Process {Id} ({Name}) cannot be reached through TMPDIR '{Path.GetTempPath()}': "
                + ".NET's diagnostics client cannot open a path with a space. "
                + "Start the process and safeloop with another TMPDIR.";
        return $"Process {Id} ({Name}) does not answer: it is no .NET process, or was started with "
            + $"DOTNET_EnableDiagnostics=0 or another TMPDIR{(OperatingSystem.IsLinux() ? "" : ", or belongs to another user")}.";
    }
}

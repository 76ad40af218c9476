using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.Tracing.Parsers.Clr;

namespace SafeLoop.Tool;

/// <summary>
/// Which files the modules of a process are, and how large its heap may grow. Taken before anything else: a process that dies
/// later has then already sent it. It also makes the runtime forget which types it has sent, so that the next session
/// receives all of them.
/// </summary>
internal sealed record ModuleMap(IReadOnlyDictionary<ulong, HeapModule> Modules, long HardLimit)
{
    private const int GcSettingsEvent = 10;
    private const long Gc = 0x1;
    private const long Loader = 0x8;
    private const int BufferMegabytes = 64;

    /// <summary>What was known stays known, also when it has been unloaded.</summary>
    public ModuleMap With(ModuleMap later) =>
        new(Modules.Concat(later.Modules).GroupBy(module => module.Key).ToDictionary(same => same.Key, same => same.Last().Value),
            later.HardLimit);

    /// <exception cref="ToolException">The process cannot be asked, or does not answer.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled before the process had answered.</exception>
    public static ModuleMap Read(TargetProcess target, TimeSpan limit, CancellationToken cancelled = default)
    {
        var modules = new Dictionary<ulong, HeapModule>();
        var hardLimit = 0L;

        // Only the rundown at the end of a session is wanted, so the session ends at once.
        using var session = EventSession.Start(
            target, Gc, EventLevel.Informational, BufferMegabytes, Gc | Loader, limit, cancelled);
        ThreadPool.QueueUserWorkItem(_ => session.Stop());
        session.Process(source =>
        {
            new ClrRundownTraceEventParser(source).LoaderModuleDCStop += module => modules[(ulong)module.ModuleID] =
                new HeapModule(module.ModuleILPath, module.ManagedPdbSignature, module.ManagedPdbBuildPath);
            source.AllEvents += data =>
            {
                if ((int)data.ID == GcSettingsEvent && data.ProviderName == Providers.Rundown
                    && data.EventDataLength >= sizeof(long))
                    hardLimit = BitConverter.ToInt64(data.EventData(), 0);
            };
        });

        cancelled.ThrowIfCancellationRequested();
        if (session.IsCutOff)
            throw EventSession.NoAnswer(target, limit);
        return modules.Count > 0 || target.IsAlive()
            ? new ModuleMap(modules, hardLimit)
            : throw new ToolException(ExitCode.Incomplete, $"Process {target.Id} ({target.Name}) ended before it had answered.");
    }
}

using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing;
using Microsoft.Diagnostics.Tracing.Parsers;

namespace SafeLoop.Tool;

/// <summary>
/// Which files the modules of a process are, and how large its heap may grow. Taken before anything else: a process that dies
/// later has then still told it.
/// </summary>
internal sealed record ModuleMap(IReadOnlyDictionary<ulong, HeapModule> Modules, long HardLimit)
{
    private const int GcSettingsEvent = 10;
    private const long GcKeyword = 0x1;
    private const long LoaderKeyword = 0x8;

    public static ModuleMap Read(DiagnosticsClient client)
    {
        var modules = new Dictionary<ulong, HeapModule>();
        var limit = 0L;

        // A session that is stopped at once: all of it is what the runtime tells at the end of one.
        var provider = new EventPipeProvider(Providers.Runtime, System.Diagnostics.Tracing.EventLevel.Informational, GcKeyword);
        using var session = client.StartEventPipeSession(
            new EventPipeSessionConfiguration([provider], circularBufferSizeMB: 64, rundownKeyword: GcKeyword | LoaderKeyword, requestStackwalk: false));
        session.Stop();

        using var source = new EventPipeEventSource(session.EventStream);
        var rundown = new Microsoft.Diagnostics.Tracing.Parsers.Clr.ClrRundownTraceEventParser(source);
        rundown.LoaderModuleDCStop += module => modules[(ulong)module.ModuleID] =
            new HeapModule(module.ModuleILPath, module.ManagedPdbSignature, module.ManagedPdbBuildPath);
        source.AllEvents += data =>
        {
            if ((int)data.ID == GcSettingsEvent && data.ProviderName == Providers.Rundown && data.EventDataLength >= 8)
                limit = BitConverter.ToInt64(data.EventData(), 0);
        };
        source.Process();
        return new ModuleMap(modules, limit);
    }
}

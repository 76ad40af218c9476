using Microsoft.Diagnostics.Tracing;

namespace SafeLoop.Tool;

/// <summary>Reads the counters a .NET process publishes.</summary>
internal static class RuntimeCounters
{
    public const string Provider = "System.Runtime";

    /// <summary>Names a counter and its value: what it is now, or by how much it rose since the last time.</summary>
    public static void On(EventPipeEventSource source, Action<string, double> onCounter) => source.Dynamic.All += data =>
    {
        if (data.ProviderName != Provider || data.EventName != "EventCounters"
            || data.PayloadValue(0) is not IDictionary<string, object> outer
            || outer["Payload"] is not IDictionary<string, object> counter)
            return;

        var value = counter.TryGetValue("Increment", out var rise) ? rise : counter["Mean"];
        onCounter((string)counter["Name"], (double)value);
    };
}

using System.Diagnostics;

namespace SafeLoop;

/// <summary>The end of a log line about an iteration: the ids of its trace and span, or nothing without a span.</summary>
/// <remarks>
/// For plain text logs. A structured log takes the ids from <see cref="Activity.Current"/>, which is that span.
/// </remarks>
internal readonly struct TraceText(Activity? span)
{
    public override string ToString() => span is null ? "" : $" (trace {span.TraceId}, span {span.SpanId})";
}

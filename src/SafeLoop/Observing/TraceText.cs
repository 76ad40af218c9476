using System.Diagnostics;

namespace SafeLoop;

/// <summary>The end of a line of log about an iteration that has a span: the ids of trace and span. Without a span, nothing.</summary>
/// <remarks>For readers of plain text. A structured log takes the ids from <see cref="Activity.Current"/>, which is that span.</remarks>
internal readonly struct TraceText(Activity? span)
{
    public override string ToString() => span is null ? "" : $" (trace {span.TraceId}, span {span.SpanId})";
}

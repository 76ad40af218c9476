using System.Text;
using System.Threading.Channels;

namespace Samples.Tests.Support;

/// <summary>A writer whose lines can be awaited one by one.</summary>
internal sealed class RecordedLines : TextWriter
{
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    public override Encoding Encoding => Encoding.UTF8;

    public override void WriteLine(string? value) => _lines.Writer.TryWrite(value ?? "");

    public async Task<string> NextAsync() => await _lines.Reader.ReadAsync().AsTask().WaitAsync(Patience.Last);
}

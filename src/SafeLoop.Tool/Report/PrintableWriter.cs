using System.Text;

namespace SafeLoop.Tool;

/// <summary>Lets no name or line of source give commands to the terminal it is shown on.</summary>
internal sealed class PrintableWriter(TextWriter output) : TextWriter
{
    public override Encoding Encoding => output.Encoding;

    public override void Write(char value) => output.Write(value is '\n' ? value.ToString() : Text.Printable(value.ToString()));

    public override void Write(string? value) => output.Write(Text.Printable(value ?? ""));

    public override void WriteLine() => output.WriteLine();

    public override void WriteLine(string? value) => output.WriteLine(Text.Printable(value ?? ""));
}

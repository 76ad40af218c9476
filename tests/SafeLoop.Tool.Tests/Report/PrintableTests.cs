namespace SafeLoop.Tool.Tests.Report;

public class PrintableTests
{
    [Fact]
    public void A_name_gives_no_commands_to_the_terminal()
    {
        using var terminal = new StringWriter { NewLine = "\n" };
        using var output = new PrintableWriter(terminal);
        output.WriteLine("a\u001b[2Jb\u0007c\rd\te");
        output.Write("f\ng");

        Assert.Equal("a?[2Jb?c?d\te\nf?g", terminal.ToString());
    }
}

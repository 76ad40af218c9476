namespace SafeLoop.Terminal;

/// <summary>The end of a command, in a sentence for the user.</summary>
internal class ToolException(int exitCode, string sentence, Exception? cause = null) : Exception(sentence, cause)
{
    public int ExitCode { get; } = exitCode;
}

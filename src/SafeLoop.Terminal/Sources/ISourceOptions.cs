using System.CommandLine;

namespace SafeLoop.Terminal;

/// <summary>The options that say where the tasks are. Each tool has its own.</summary>
internal interface ISourceOptions
{
    /// <summary>The options.</summary>
    IReadOnlyList<Option> Options { get; }

    /// <summary>Opens the source.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="screen">For what the user should know, such as a token that is sent unencrypted.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="ToolException">It is not said where the tasks are, or an option is invalid.</exception>
    ITaskSource Open(ParseResult parsed, Screen screen, TimeProvider time);
}

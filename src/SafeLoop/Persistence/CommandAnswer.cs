namespace SafeLoop;

/// <summary>How a command ended on this host.</summary>
/// <param name="Text">A few words.</param>
/// <param name="IsExecuted">False: this host could not execute it.</param>
internal readonly record struct CommandAnswer(string Text, bool IsExecuted);

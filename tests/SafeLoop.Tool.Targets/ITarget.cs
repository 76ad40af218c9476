namespace Targets;

/// <summary>A program for the tool to look at.</summary>
internal interface ITarget
{
    Task RunAsync(Work work);
}

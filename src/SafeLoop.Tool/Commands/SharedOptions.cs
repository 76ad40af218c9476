using System.CommandLine;
using System.Globalization;

namespace SafeLoop.Tool;

/// <summary>Options several commands have.</summary>
internal static class SharedOptions
{
    /// <summary>A day: what waits longer is not waited for.</summary>
    public const int MostSeconds = 86_400;

    public static Option<int> Timeout() => new Option<int>("--timeout")
    {
        Description = $"Seconds a process may take to answer; {Heaps.Writing} times as long to write a dump.",
        HelpName = "SECONDS", DefaultValueFactory = _ => 120,
    }.AtLeast(1, MostSeconds);

    public static Option<int> MinFrames() => new Option<int>("--min-frames")
    {
        Description = "A method with fewer chained frames than this is not reported.", HelpName = "COUNT",
        DefaultValueFactory = _ => Diagnoser.DefaultMinFrames,
    }.AtLeast(ChainFinder.MinDepth);

    public static Option<bool> Json() => new("--json") { Description = "Print JSON instead of text." };

    /// <summary>Says what is wrong in a sentence of its own: the parser's speaks of types.</summary>
    public static Option<int> AtLeast(this Option<int> option, int least, int most = int.MaxValue)
    {
        option.CustomParser = result =>
        {
            var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least
                && number <= most)
                return number;

            result.AddError($"{option.Name} is '{text}', "
                + $"but it must be a whole number {(most == int.MaxValue ? $"of {least} or more" : $"from {least} to {most}")}.");
            return 0;
        };
        return option;
    }
}

using Microsoft.AspNetCore.Http;

namespace SafeLoop.Dashboard;

/// <summary>Reads the parameters of a request, and collects what is wrong with them.</summary>
internal sealed class ApiQuery(IQueryCollection query)
{
    private const int LongestShown = 100;

    private readonly List<string> _mistakes = [];

    /// <summary>The refusal; null: all parameters could be read.</summary>
    public IResult? Refusal => _mistakes.Count == 0 ? null : ApiProblem.BadRequest(string.Join(' ', _mistakes));

    /// <summary>The value of a parameter; its default when the query does not have it, or has one that cannot be read.</summary>
    public T? Read<T>(ApiParameter<T> parameter)
    {
        var values = query[parameter.Name];
        if (values.Count > 1)
        {
            Add($"{parameter.Name} is there {values.Count} times. Give it once.");
            return parameter.Default;
        }
        if (values is not [{ Length: > 0 } text])
        {
            if (parameter.IsRequired)
                Add($"{parameter.Name} is missing. {parameter.Description}");
            return parameter.Default;
        }
        if (parameter.Read(text, out var value))
            return value;
        Add($"{parameter.Name} must be {parameter.Expected}; it is '{Shown(text)}'.");
        return parameter.Default;
    }

    /// <summary>Adds a sentence about what is wrong.</summary>
    public void Add(string mistake) => _mistakes.Add(mistake);

    private static string Shown(string text) => text.Length > LongestShown ? $"{text[..LongestShown]}…" : text;
}

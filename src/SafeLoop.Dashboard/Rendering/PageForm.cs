using Microsoft.AspNetCore.Http;

namespace SafeLoop.Dashboard;

/// <summary>The fields of a form of a page.</summary>
internal sealed class PageForm(IFormCollection fields)
{
    private const int Longest = 64 * 1024;

    /// <summary>The answer to a form that cannot be read.</summary>
    public static IResult Unreadable => ApiProblem.BadRequest("The form cannot be read. Send it from the page again.");

    /// <summary>Reads the form of a request, in bounded memory.</summary>
    /// <returns>Null when it has none, or one that is too long or broken.</returns>
    public static async Task<PageForm?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!request.HasFormContentType || request.ContentLength is null or > Longest)
            return null;
        try
        {
            return new(await request.ReadFormAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (Exception error) when (error is InvalidDataException or IOException or NotSupportedException)
        {
            return null; // not supported: a form in UTF-7
        }
    }

    /// <summary>The value of a field, without white space around it; null when it is empty or not there.</summary>
    public string? Text(string field) => fields[field].ToString().Trim() is { Length: > 0 } text ? text : null;

    /// <summary>The value of a field as a member of an enumeration; null when the field is missing or names no member.</summary>
    public T? Value<T>(string field)
        where T : struct, Enum => Enum.TryParse<T>(Text(field), out var value) && Enum.IsDefined(value) ? value : null;
}

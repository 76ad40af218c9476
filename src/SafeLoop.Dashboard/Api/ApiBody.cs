using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace SafeLoop.Dashboard;

/// <summary>Reads the body of a request, in bounded memory.</summary>
internal static class ApiBody
{
    private const int Longest = 64 * 1024;

    /// <returns>The body, or why it is refused.</returns>
    public static async Task<(T? Body, IResult? Refusal)> ReadAsync<T>(
        HttpRequest request, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        if (!request.HasJsonContentType())
        {
            return (null, ApiProblem.Create(
                StatusCodes.Status415UnsupportedMediaType,
                "Unsupported media type",
                "The body must be JSON. Send it with the header 'Content-Type: application/json'."));
        }
        var read = await request.BodyReader.ReadAtLeastAsync(Longest + 1, cancellationToken).ConfigureAwait(false);
        var (length, result) = (read.Buffer.Length, (Body: (T?)null, Refusal: (IResult?)null));
        if (length > Longest)
        {
            result.Refusal = ApiProblem.Create(
                StatusCodes.Status413PayloadTooLarge,
                "Payload too large",
                $"The body is longer than {Longest / 1024} KB. Shorten it.");
        }
        else
        {
            result = Parse(read.Buffer, type);
        }
        request.BodyReader.AdvanceTo(read.Buffer.End);
        return result;
    }

    private static (T? Body, IResult? Refusal) Parse<T>(ReadOnlySequence<byte> bytes, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            var reader = new Utf8JsonReader(bytes);
            var body = JsonSerializer.Deserialize(ref reader, type);
            reader.Read(); // throws when there is more than one value
            return body is not null ? (body, null) : (null, ApiProblem.BadRequest("The body is null. Send a JSON object."));
        }
        catch (JsonException error)
        {
            var where = error.Path is { Length: > 1 } path ? $" at '{path}'" : "";
            return (null, ApiProblem.BadRequest($"The body is no JSON of the expected form{where}. Correct it."));
        }
    }
}

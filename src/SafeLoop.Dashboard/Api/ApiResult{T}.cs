using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace SafeLoop.Dashboard;

/// <summary>An answer in JSON, written by our own rules: those of the host may differ.</summary>
internal sealed class ApiResult<T>(T value, JsonTypeInfo<T> type) : IResult, IStatusCodeHttpResult, IValueHttpResult<T>
{
    public T? Value => value;

    public int StatusCode { get; init; } = StatusCodes.Status200OK;

    public string ContentType { get; init; } = "application/json; charset=utf-8";

    /// <summary>Where the client finds what the request has made; null: nothing.</summary>
    public string? Location { get; init; }

    int? IStatusCodeHttpResult.StatusCode => StatusCode;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCode;
        if (Location is not null)
            httpContext.Response.Headers.Location = Location;
        return httpContext.Response.WriteAsJsonAsync(value, type, ContentType, httpContext.RequestAborted);
    }
}

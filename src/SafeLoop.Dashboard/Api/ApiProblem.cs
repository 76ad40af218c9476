using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace SafeLoop.Dashboard;

/// <summary>Answers that refuse a request: problem details, whose detail is a sentence.</summary>
internal static class ApiProblem
{
    public static IResult BadRequest(string detail) => Create(StatusCodes.Status400BadRequest, "Bad request", detail);

    public static IResult Forbidden(string detail) => Create(StatusCodes.Status403Forbidden, "Forbidden", detail);

    public static IResult NotFound(string detail) => Create(StatusCodes.Status404NotFound, "Not found", detail);

    public static IResult Conflict(string detail) => Create(StatusCodes.Status409Conflict, "Conflict", detail);

    public static IResult Unavailable(string detail) =>
        Create(StatusCodes.Status503ServiceUnavailable, "Store unavailable", detail);

    public static IResult Create(int status, string title, string detail) => new ApiResult<ProblemDetails>(
        new() { Type = "about:blank", Title = title, Status = status, Detail = detail },
        ApiJson.Default.ProblemDetails)
    {
        StatusCode = status,
        ContentType = "application/problem+json",
    };
}

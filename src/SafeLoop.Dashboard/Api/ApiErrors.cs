using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SafeLoop.Storage;

namespace SafeLoop.Dashboard;

/// <summary>Turns exceptions into answers without stack traces.</summary>
internal static partial class ApiErrors
{
    public static IResult ToResult(Exception error, HttpContext context)
    {
        switch (error)
        {
            case KeyNotFoundException:
                return ApiProblem.NotFound(error.Message.TrimEnd('.', '?') + (error.Message.EndsWith('?') ? "?" : "."));
            case ArgumentException:
                return ApiProblem.BadRequest(SentenceOf(error));
            case BadHttpRequestException bad:
                return ApiProblem.Create(bad.StatusCode, "Bad request", bad.Message);
            case InvalidOperationException:
                return ApiProblem.Conflict(error.Message);
            case TimeoutException or OperationCanceledException:
                return ApiProblem.Unavailable("The store has not answered in time. Try again.");
            case IncompatibleStoreException:
                return ApiProblem.Unavailable("The store cannot be used. The log of the application says why.");
        }
        if (context.RequestServices.GetService<ILoggerFactory>()?.CreateLogger("SafeLoop") is { } logger)
            Failed(logger, context.Request.Path, error);
        return ApiProblem.Unavailable("The store has failed. The log of the application says why.");
    }

    // "… (Parameter 'query')" is for developers of the application.
    public static string SentenceOf(Exception error) =>
        error is ArgumentException { ParamName: { } name }
            ? error.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal)
            : error.Message;

    [LoggerMessage(EventId = 141, Level = LogLevel.Warning, Message = "A request to {Path} failed.")]
    private static partial void Failed(ILogger logger, PathString path, Exception error);
}

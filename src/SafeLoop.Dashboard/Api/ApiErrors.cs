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
            case TimeoutException or OperationCanceledException:
                return ApiProblem.Unavailable("The store has not answered in time. Try again.");
            case IncompatibleStoreException:
                return ApiProblem.Unavailable("The store cannot be used. The log of the application says why.");
            case ArgumentException when !IsOfStore(error):
                return ApiProblem.BadRequest(SentenceOf(error));
            case ArgumentException when context.Request.Query.ContainsKey(ApiParameters.Cursor.Name):
                return ApiProblem.BadRequest(
                    "The cursor is none of this query. Pass the cursor of the page before, with the same filters.");
            case KeyNotFoundException when !IsOfStore(error):
                return ApiProblem.NotFound(error.Message.TrimEnd('.', '?') + (error.Message.EndsWith('?') ? "?" : "."));
            case BadHttpRequestException bad when !IsOfStore(error):
                return ApiProblem.Create(bad.StatusCode, "Bad request", bad.Message);
            case InvalidOperationException when !IsOfStore(error):
                return ApiProblem.Conflict(error.Message);
        }
        if (context.RequestServices.GetService<ILoggerFactory>()?.CreateLogger("SafeLoop") is { } logger)
            Failed(logger, context.Request.Path, error);
        return error is PolicyFailedException
            ? ApiProblem.Create(
                StatusCodes.Status503ServiceUnavailable,
                "Policy failed",
                "The policy that decides this has failed. The log of the application says why.")
            : ApiProblem.Unavailable("The store has failed. The log of the application says why.");
    }

    // "… (Parameter 'query')" is for developers of the application.
    public static string SentenceOf(Exception error) =>
        error is ArgumentException { ParamName: { } name }
            ? error.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal)
            : error.Message;

    // The message of a store may name servers and users.
    private static bool IsOfStore(Exception error) => StoreErrors.Contains(error);

    [LoggerMessage(EventId = 141, Level = LogLevel.Warning, Message = "A request to {Path} failed.")]
    private static partial void Failed(ILogger logger, PathString path, Exception error);
}

using Microsoft.AspNetCore.Http;

namespace SafeLoop.Dashboard;

/// <summary>Sends the browser from a form to a page, by a relative address.</summary>
internal sealed class SeeOther(string address) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
        httpContext.Response.Headers.Location = address;
        return Task.CompletedTask;
    }
}

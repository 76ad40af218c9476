using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace SafeLoop.Dashboard;

/// <summary>Answers with a page: renders it into memory, and writes it at once.</summary>
/// <remarks>
/// Not the result of the framework for components: that one adds a header by which a Blazor application takes our page for one of
/// its own.
/// </remarks>
internal sealed class PageResult(RenderFragment page) : IResult, IStatusCodeHttpResult
{
    public int StatusCode { get; init; } = StatusCodes.Status200OK;

    int? IStatusCodeHttpResult.StatusCode => StatusCode;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var html = await RenderAsync(page).ConfigureAwait(false);
        var response = httpContext.Response;
        response.StatusCode = StatusCode;
        response.ContentType = "text/html; charset=utf-8";
        var bytes = ContentCoding.Compress(httpContext, Encoding.UTF8.GetBytes(html), isKept: false);
        response.ContentLength = bytes.Length;
        await response.Body.WriteAsync(bytes, httpContext.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>Renders a page.</summary>
    public static async Task<string> RenderAsync(RenderFragment page)
    {
        await using var renderer = new HtmlRenderer(NoServices.Instance, NullLoggerFactory.Instance);
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var parameters = ParameterView.FromDictionary(
                new Dictionary<string, object?> { [nameof(RenderFragment)] = page });
            var root = await renderer.RenderComponentAsync<Document>(parameters).ConfigureAwait(true);
            using var writer = new StringWriter();
            root.WriteHtmlTo(writer);
            return writer.ToString();
        }).ConfigureAwait(false);
    }
}

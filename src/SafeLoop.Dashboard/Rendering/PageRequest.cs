using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;

namespace SafeLoop.Dashboard;

/// <summary>A request for a page, and what its handler needs.</summary>
internal sealed class PageRequest(DashboardMapping dashboard, SharedReads reads, HttpContext context, string path)
{
    /// <summary>The same request as the API sees it.</summary>
    public ApiRequest Api { get; } = new(dashboard, context);

    public HttpContext Context => context;

    public ApiQuery Query => Api.Query;

    /// <summary>What all who look at this time read once.</summary>
    public SharedReads Reads => reads;

    /// <summary>How the viewer wants pages, and when this one was made.</summary>
    public PageContext View { get; } = PageContext.Create(dashboard, context, path);

    /// <summary>A page in the frame of all pages.</summary>
    /// <param name="title">Its title.</param>
    /// <param name="content">What stands in the frame.</param>
    /// <param name="status">The status.</param>
    public IResult Page(string title, RenderFragment content, int status = StatusCodes.Status200OK) =>
        new PageResult(Layout.Render(View, title, content)) { StatusCode = status };

    /// <summary>A page that says why there is no other.</summary>
    public IResult Problem(int status, string title, string detail) =>
        new PageResult(Layout.Render(View, title, ProblemPage.Render(status, title, detail))) { StatusCode = status };
}

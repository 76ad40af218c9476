using Microsoft.AspNetCore.Http;

namespace SafeLoop.Dashboard;

/// <summary>One page, or what a form of a page is sent to.</summary>
/// <param name="Method">GET or POST.</param>
/// <param name="Path">
/// Its path below the prefix; empty: the overview. It has no slash, so all links are relative to one place.
/// </param>
/// <param name="Handle">Answers a request.</param>
internal sealed record PageEndpoint(string Method, string Path, Func<PageRequest, Task<IResult>> Handle)
{
    public static PageEndpoint Get(string path, Func<PageRequest, Task<IResult>> handle) => new(HttpMethods.Get, path, handle);

    public static PageEndpoint Post(string path, Func<PageRequest, Task<IResult>> handle) => new(HttpMethods.Post, path, handle);
}

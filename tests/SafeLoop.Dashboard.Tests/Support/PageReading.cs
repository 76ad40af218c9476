using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace SafeLoop.Dashboard.Tests;

/// <summary>Reads pages as a browser does.</summary>
internal static class PageReading
{
    /// <summary>Reads a page, whose status is checked.</summary>
    /// <param name="host">The application.</param>
    /// <param name="path">The path below the prefix, with its query.</param>
    /// <param name="status">The status.</param>
    public static Task<IHtmlDocument> PageAsync(
        this DashboardHost host, string path, HttpStatusCode status = HttpStatusCode.OK) =>
        host.Client.PageAsync(Below(host, path), status);

    /// <summary>Reads a page, whose status is checked.</summary>
    public static async Task<IHtmlDocument> PageAsync(
        this HttpClient client, Uri at, HttpStatusCode status = HttpStatusCode.OK)
    {
        var answer = await client.GetAsync(at);
        var html = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == status, $"{at}: {answer.StatusCode}: {html}");
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        return new HtmlParser().ParseDocument(html);
    }

    /// <summary>Sends a form as a browser does.</summary>
    public static Task<HttpResponseMessage> SendFormAsync(
        this DashboardHost host, string path, params (string Name, string Value)[] fields) =>
        host.Client.SendFormAsync(Below(host, path), fields);

    /// <summary>Sends a form as a browser does.</summary>
    public static Task<HttpResponseMessage> SendFormAsync(
        this HttpClient client, Uri at, params (string Name, string Value)[] fields)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, at)
        {
            Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))),
        };
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        return client.SendAsync(request);
    }

    private static Uri Below(DashboardHost host, string path) => new(host.Client.BaseAddress!, $"/loops/{path}");

    /// <summary>The text of what a selector finds, with single spaces.</summary>
    public static string Text(this IParentNode page, string selector) => string.Join(
        ' ', page.QuerySelectorAll(selector).SelectMany(element => element.TextContent.Split((char[]?)null,
            StringSplitOptions.RemoveEmptyEntries)));

    public static string[] Hrefs(this IParentNode page, string selector) =>
        [.. page.QuerySelectorAll(selector).Select(element => element.GetAttribute("href")!)];
}

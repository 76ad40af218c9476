using Microsoft.AspNetCore.Http;

namespace SafeLoop.Dashboard;

/// <summary>Keeps how a viewer wants pages, and goes back to the page from which it was sent.</summary>
internal static class PreferencesHandler
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(400);

    public static async Task<IResult> HandleAsync(PageRequest request)
    {
        if (await PageForm.ReadAsync(request.Context.Request, request.Api.Aborted).ConfigureAwait(false) is not { } form)
            return PageForm.Unreadable;
        var theme = form.Text("theme");
        if (theme is not null && Preferences.Themes.Contains(theme))
            Keep(request, Preferences.ThemeCookie, theme);
        var zone = form.Text("zone") is "other" ? form.Text("zoneId") : form.Text("zone");
        if (zone is not null && !Preferences.IsZone(zone))
        {
            return ApiProblem.BadRequest(
                "This time zone is not known. Give an id of the IANA database, such as Europe/Berlin.");
        }
        if (zone is not null)
            Keep(request, Preferences.ZoneCookie, zone);
        return new SeeOther(Link.OwnOrOverview(form.Text("back")));
    }

    // Without a path the browser takes the folder of the pages as it sees it, also behind a proxy that has removed a part.
    private static void Keep(PageRequest request, string cookie, string value) => request.Context.Response.Cookies.Append(
        cookie,
        value,
        new()
        {
            Path = null,
            MaxAge = KeptFor,
            HttpOnly = true,
            IsEssential = true,
            SameSite = SameSiteMode.Lax,
            Secure = request.Context.Request.IsHttps,
        });
}

using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace SafeLoop.Dashboard;

/// <summary>Lets the schemes of the policy answer a user who may not do this, and adds problem details.</summary>
internal sealed class AccessDenied(Access access, string detail) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var schemes = httpContext.RequestServices.GetService<IAuthenticationSchemeProvider>();
        var status = access.IsChallenged ? StatusCodes.Status401Unauthorized : StatusCodes.Status403Forbidden;
        foreach (var scheme in await FindSchemesAsync(schemes).ConfigureAwait(false))
        {
            if (access.IsChallenged)
                await httpContext.ChallengeAsync(scheme).ConfigureAwait(false);
            else
                await httpContext.ForbidAsync(scheme).ConfigureAwait(false);
        }
        if (httpContext.Response.HasStarted || httpContext.Response.StatusCode is >= 300 and < 400)
            return; // a scheme has answered, for example by sending the user to a login page
        var title = access.IsChallenged ? "Unauthorized" : "Forbidden";
        await ApiProblem.Create(status, title, detail).ExecuteAsync(httpContext).ConfigureAwait(false);
    }

    private async Task<IEnumerable<string>> FindSchemesAsync(IAuthenticationSchemeProvider? schemes)
    {
        if (schemes is null)
            return [];
        if (access.Policy?.AuthenticationSchemes is { Count: > 0 } own)
            return own;
        var usual = access.IsChallenged
            ? await schemes.GetDefaultChallengeSchemeAsync().ConfigureAwait(false)
            : await schemes.GetDefaultForbidSchemeAsync().ConfigureAwait(false);
        return usual is null ? [] : [usual.Name];
    }
}

using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SafeLoop.Dashboard.Tests;

/// <summary>Authenticates the user that a header names. What follows a slash is a role: <c>X-User: ann/operator</c>.</summary>
internal sealed class HeaderAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Header", Header = "X-User";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Headers[Header].ToString() is not { Length: > 0 } text)
            return Task.FromResult(AuthenticateResult.NoResult());
        var parts = text.Split('/');
        var claims = parts.Skip(1).Select(role => new Claim(ClaimTypes.Role, role)).Prepend(new(ClaimTypes.Name, parts[0]));
        var user = new ClaimsPrincipal(new ClaimsIdentity(claims, SchemeName));
        return Task.FromResult(AuthenticateResult.Success(new(user, SchemeName)));
    }
}

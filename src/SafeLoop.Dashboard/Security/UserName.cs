using System.Security.Claims;

namespace SafeLoop.Dashboard;

/// <summary>The name of a user in the log of commands.</summary>
internal static class UserName
{
    private const int Longest = 200;

    /// <summary>The name, or else what identifies the user; null: the user is not known.</summary>
    public static string? Of(ClaimsPrincipal user) =>
        new[]
        {
            user.Identity?.Name,
            user.FindFirstValue("preferred_username"),
            user.FindFirstValue("name"),
            user.FindFirstValue(ClaimTypes.Email),
            user.FindFirstValue(ClaimTypes.NameIdentifier),
            user.FindFirstValue("sub"),
        }
        .FirstOrDefault(name => !string.IsNullOrWhiteSpace(name)) is { } found ? found[..Math.Min(found.Length, Longest)] : null;
}

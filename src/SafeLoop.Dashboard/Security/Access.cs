using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;

namespace SafeLoop.Dashboard;

/// <summary>Whether a user may do something.</summary>
/// <param name="IsGranted">True when the user may.</param>
/// <param name="IsChallenged">True when the user is not known yet, so that logging in may help.</param>
/// <param name="User">The user, as the policy authenticates it.</param>
/// <param name="Policy">The policy; null: there is none.</param>
internal readonly record struct Access(bool IsGranted, bool IsChallenged, ClaimsPrincipal User, AuthorizationPolicy? Policy);

using System.Security.Claims;

namespace CalicoConsole.Web.Auth;

/// <summary>What the cookie says of a session beside the user.</summary>
internal static class SessionClaims
{
    private const string Id = "calico-console/session";
    private const string From = "calico-console/source";

    /// <summary>The claims of a session.</summary>
    public static Claim[] For(Guid session, string source) => [new(Id, session.ToString()), new(From, source)];

    /// <summary>The session that a user's cookie names; null for everybody else.</summary>
    public static Guid? Session(ClaimsPrincipal user) => Guid.TryParse(user.FindFirstValue(Id), out var id) ? id : null;

    /// <summary>Where the sign-in came from.</summary>
    public static string? Source(ClaimsPrincipal user) => user.FindFirstValue(From);
}

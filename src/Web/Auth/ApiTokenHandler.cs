using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using CalicoConsole.Web.Api;
using CalicoConsole.Web.Hosting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace CalicoConsole.Web.Auth;

/// <summary>
/// Authenticates API calls by the configured bearer token (RFC 6750). Wrong ones are logged, without what was sent, and limited for each source.
/// </summary>
internal sealed class ApiTokenHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    ConsoleSettings settings,
    AttemptLimits limits) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    /// <summary>Name of the scheme.</summary>
    public const string SchemeName = "ApiToken";

    /// <summary>Why the API is closed although a token is configured.</summary>
    public static readonly string TooShort =
        $"The configured API token has fewer than {ConsoleSettings.ShortestToken} characters and could be guessed, so the API is closed. "
        + "Set Auth:ApiToken or Auth:ApiTokenFile to the output of openssl rand -hex 32, and start the console again.";

    private const string Prefix = "Bearer ";

    // Hashes have one length, so that the comparison tells nothing about the token's.
    private readonly byte[]? _expected = settings.ApiToken is { } token ? Hash(token.Reveal()) : null;

    private TimeSpan? _wait;

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        var source = RequestSource.CountedAs(Context);
        _wait = limits.Token(source);
        if (_wait is { } wait)
        {
            if (limits.IsNews(source))
            {
                Logger.LogWarning("API tokens from {Source} are not looked at for {Seconds} s: too many were wrong", source, AttemptLimits.Seconds(wait));
            }

            return Task.FromResult(AuthenticateResult.Fail("too many wrong tokens"));
        }

        // Also where no token is right: whoever guesses is slowed down and seen.
        if (_expected is null || !CryptographicOperations.FixedTimeEquals(Hash(header[Prefix.Length..].Trim()), _expected))
        {
            limits.WrongToken(source);
            Logger.LogWarning("A wrong API token came from {Source}", RequestSource.For(Context));
            return Task.FromResult(AuthenticateResult.Fail("wrong token"));
        }

        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, "api-token")], SchemeName);
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName)));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (_wait is { } wait)
        {
            Response.Headers.RetryAfter = AttemptLimits.Seconds(wait);
            return ApiProblems.Problem(
                StatusCodes.Status429TooManyRequests, "Too many wrong tokens",
                    $"Too many wrong tokens came from your address. Wait {AttemptLimits.Seconds(wait)} s, then try again.").ExecuteAsync(Context);
        }

        Response.Headers.WWWAuthenticate = "Bearer realm=\"Calico Console\"";
        var reason = settings.ApiTokenTooShort ? TooShort
            : _expected is null ? "No API token is configured. Set Auth:ApiToken or Auth:ApiTokenFile and start the console again."
            : "Send the configured token as: Authorization: Bearer <token>";
        return ApiProblems.Problem(StatusCodes.Status401Unauthorized, "A bearer token is needed", reason).ExecuteAsync(Context);
    }

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}

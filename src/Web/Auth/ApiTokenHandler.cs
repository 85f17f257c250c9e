using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using CalicoConsole.Web.Api;
using CalicoConsole.Web.Hosting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace CalicoConsole.Web.Auth;

/// <summary>Authenticates API calls by the configured bearer token (RFC 6750).</summary>
internal sealed class ApiTokenHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    ConsoleSettings settings) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    /// <summary>Name of the scheme.</summary>
    public const string SchemeName = "ApiToken";

    private const string Prefix = "Bearer ";

    // Hashes have one length, so that the comparison tells nothing about the token's.
    private readonly byte[]? _expected = settings.ApiToken is { } token ? Hash(token.Reveal()) : null;

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        if (_expected is null)
        {
            return Task.FromResult(AuthenticateResult.Fail("no token is configured"));
        }

        if (!CryptographicOperations.FixedTimeEquals(Hash(header[Prefix.Length..].Trim()), _expected))
        {
            return Task.FromResult(AuthenticateResult.Fail("wrong token"));
        }

        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, "api-token")], SchemeName);
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName)));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer realm=\"Calico Console\"";
        var reason = _expected is null
            ? "No API token is configured. Set Auth:ApiToken or Auth:ApiTokenFile and start the console again."
            : "Send the configured token as: Authorization: Bearer <token>";
        return ApiProblems.Problem(StatusCodes.Status401Unauthorized, "A bearer token is needed", reason).ExecuteAsync(Context);
    }

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}

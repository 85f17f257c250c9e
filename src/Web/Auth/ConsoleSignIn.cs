using CalicoConsole.Adapters.Audit;
using Microsoft.AspNetCore.Identity;

namespace CalicoConsole.Web.Auth;

/// <summary>What a sign-in came to.</summary>
/// <param name="Wrong">Why not, for people; null when somebody is signed in now.</param>
/// <param name="RetryAfter">How long to wait before another attempt; null when there is no need to.</param>
internal sealed record SignInAnswer(string? Wrong, TimeSpan? RetryAfter = null);

/// <summary>Signs people in and out: by a session in the database, with an entry in the audit log for each attempt.</summary>
internal sealed class ConsoleSignIn(
    UserManager<ConsoleUser> users, SignInManager<ConsoleUser> signIn, SessionStore sessions, SessionWatch watch, SignInAudit audit, AttemptLimits limits,
        DecoyPassword decoy,
    ILogger<ConsoleSignIn> logger)
{
    private const string NoMatch = "User and password do not match.";

    // Longer ones are nobody's; they are not worth hashing.
    private const int MostCharacters = 256;

    /// <summary>Tries a name and a password. Wrong ones take as long for names that nobody has as for those that somebody has.</summary>
    public async Task<SignInAnswer> SignInAsync(HttpContext http, string name, string password)
    {
        var source = RequestSource.For(http);
        if (limits.SignIn(RequestSource.CountedAs(http)) is { } wait)
        {
            if (limits.IsNews(RequestSource.CountedAs(http)))
            {
                logger.LogWarning("Sign-ins from {Source} are refused for {Seconds} s: there were too many", source, AttemptLimits.Seconds(wait));
            }

            return new SignInAnswer($"Too many attempts from {source}. Wait {AttemptLimits.Seconds(wait)} s, then try again.", wait);
        }

        if (name.Length > MostCharacters || password.Length > MostCharacters)
        {
            return await RefuseAsync(null, source);
        }

        var user = await users.FindByNameAsync(name);
        var right = user?.PasswordHash is null ? decoy.Verify(users.PasswordHasher, password) : await users.CheckPasswordAsync(user, password);
        if (user is null || !right || await users.IsLockedOutAsync(user) || !await signIn.CanSignInAsync(user))
        {
            return await RefuseAsync(user, source);
        }

        try
        {
            var session = await sessions.BeginAsync(user, source, http.RequestAborted);
            await audit.RecordAsync(SignInAudit.SignIn, user.UserName!, user.UserName!, source, done: true, null);
            await signIn.SignInWithClaimsAsync(user, isPersistent: false, SessionClaims.For(session, source));
            logger.LogInformation("{User} signed in from {Source}", user.UserName, source);
            return new SignInAnswer(null);
        }
        catch (ConsoleDatabaseException e)
        {
            logger.LogError("A sign-in from {Source} could not be recorded: {Reason}", source, e.Message);
            return new SignInAnswer($"The sign-in could not be recorded, so it was not made. {e.Message}");
        }
    }

    /// <summary>Ends the session of whoever asks, and with it every page that is open for it.</summary>
    public async Task SignOutAsync(HttpContext http)
    {
        await signIn.SignOutAsync();
        if (SessionClaims.Session(http.User) is not { } session)
        {
            return;
        }

        await sessions.EndAsync(session, CancellationToken.None);
        watch.End(session);
        var (name, source) = (http.User.Identity?.Name ?? SignInAudit.Nobody, RequestSource.For(http));
        logger.LogInformation("{User} signed out from {Source}", name, source);
        await audit.RecordAsync(SignInAudit.SignOut, name, name, source, done: true, null);
    }

    private async Task<SignInAnswer> RefuseAsync(ConsoleUser? user, string source)
    {
        // What was typed as a name that nobody has is not written down: it may be a password.
        var name = user?.UserName ?? SignInAudit.UnknownUser;
        logger.LogWarning("A sign-in as {User} from {Source} was refused: user and password do not match", name, source);
        try
        {
            await audit.RecordAsync(SignInAudit.SignIn, SignInAudit.Nobody, name, source, done: false, NoMatch);
        }
        catch (ConsoleDatabaseException e)
        {
            logger.LogError("A refused sign-in from {Source} could not be recorded: {Reason}", source, e.Message);
        }

        return new SignInAnswer(NoMatch);
    }
}

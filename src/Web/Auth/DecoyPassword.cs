using CalicoConsole.Adapters.Audit;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace CalicoConsole.Web.Auth;

/// <summary>
/// A password that nobody has, so that trying one for a name that nobody has takes as long as for a name that somebody has. Safe for concurrent use.
/// </summary>
internal sealed class DecoyPassword(IOptions<PasswordHasherOptions> options)
{
    private readonly ConsoleUser _nobody = new();
    private readonly string _hash = new PasswordHasher<ConsoleUser>(options).HashPassword(new ConsoleUser(), Guid.NewGuid().ToString());

    /// <summary>Takes its time and answers false.</summary>
    /// <param name="hasher">The one that passwords of users are checked by.</param>
    /// <param name="password">What was tried.</param>
    public bool Verify(IPasswordHasher<ConsoleUser> hasher, string password)
    {
        _ = hasher.VerifyHashedPassword(_nobody, _hash, password);
        return false;
    }
}

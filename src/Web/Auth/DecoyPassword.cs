using CalicoConsole.Adapters.Audit;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace CalicoConsole.Web.Auth;

/// <summary>
/// A password that nobody has, so that trying one for a name that nobody has takes as long as for a name that somebody has. Safe for concurrent use.
/// </summary>
internal sealed class DecoyPassword
{
    private readonly PasswordHasher<ConsoleUser> _hasher;
    private readonly ConsoleUser _nobody = new();
    private readonly string _hash;

    public DecoyPassword(IOptions<PasswordHasherOptions> options)
    {
        _hasher = new PasswordHasher<ConsoleUser>(options);
        _hash = _hasher.HashPassword(_nobody, Guid.NewGuid().ToString());
    }

    /// <summary>Takes its time and answers false.</summary>
    public bool Verify(string password)
    {
        _ = _hasher.VerifyHashedPassword(_nobody, _hash, password);
        return false;
    }
}

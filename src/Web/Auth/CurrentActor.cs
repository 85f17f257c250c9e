using CalicoConsole.Core.Operations;
using CalicoConsole.Web.Hosting;
using Microsoft.AspNetCore.Components.Authorization;

namespace CalicoConsole.Web.Auth;

/// <summary>Who uses this circuit, as operations know them.</summary>
public sealed class CurrentActor(AuthenticationStateProvider authentication, ConsoleSettings? settings = null)
{
    /// <summary>The context for an operation that this circuit's user starts now. Where people sign in, nobody without a session may do anything.</summary>
    public async Task<OperationContext> ContextAsync()
    {
        var user = (await authentication.GetAuthenticationStateAsync()).User;
        var session = SessionClaims.Session(user);
        var permissions = settings is { RequiresSignIn: true } && session is null ? OperationPermissions.None : OperationPermissions.Change;
        return new OperationContext(user.Identity?.Name ?? "local", "page", permissions) { Session = session, Source = SessionClaims.Source(user) };
    }
}

using CalicoConsole.Core.Operations;
using Microsoft.AspNetCore.Components.Authorization;

namespace CalicoConsole.Web.State;

/// <summary>Who uses this circuit, as operations know them.</summary>
public sealed class CurrentActor(AuthenticationStateProvider authentication)
{
    /// <summary>The context for an operation that this circuit's user starts now.</summary>
    public async Task<OperationContext> ContextAsync()
    {
        var user = (await authentication.GetAuthenticationStateAsync()).User;
        return new OperationContext(user.Identity?.Name ?? "local", "page", OperationPermissions.Change);
    }
}

using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;

namespace CalicoConsole.Web.Auth;

/// <summary>The session that a circuit belongs to. Once it has ended the circuit shows no page and takes no event any more.</summary>
internal sealed class CircuitSession(AuthenticationStateProvider authentication, SessionWatch watch, Hosting.ConsoleSettings settings) : CircuitHandler,
    IDisposable
{
    private IDisposable? _watching;
    private volatile bool _ended;

    /// <summary>Raised when the session has ended, on any thread.</summary>
    public event Action? Changed;

    /// <summary>Whether it has ended.</summary>
    public bool Ended => _ended;

    public override async Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        if (!settings.RequiresSignIn)
        {
            return;
        }

        if (SessionClaims.Session((await authentication.GetAuthenticationStateAsync()).User) is { } session)
        {
            _watching = watch.Watch(session, End);
        }
        else
        {
            End();
        }
    }

    public override Func<CircuitInboundActivityContext, Task> CreateInboundActivityHandler(Func<CircuitInboundActivityContext, Task> next) =>
        context => _ended ? Task.CompletedTask : next(context);

    public void Dispose() => _watching?.Dispose();

    private void End()
    {
        _ended = true;
        Changed?.Invoke();
    }
}

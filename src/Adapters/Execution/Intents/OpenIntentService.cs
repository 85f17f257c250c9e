using CalicoConsole.Core.Ports;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CalicoConsole.Adapters.Execution.Intents;

/// <summary>
/// At start-up takes the intents that a crash left open, before any new one can be made, and resolves them as soon as what they touched can be reached.
/// </summary>
public sealed class OpenIntentService(IAuditLog audit, OpenIntentResolver resolver, TimeProvider time, ILogger<OpenIntentService> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private ImmutableArray<AuditIntent> _open = [];

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        _open = await audit.OpenIntentsAsync(cancellationToken).ConfigureAwait(false);
        if (!_open.IsEmpty)
        {
            logger.LogWarning("{Count} operations were open when the console last stopped; comparing them with what is there", _open.Length);
        }

        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!_open.IsEmpty)
        {
            _open = await resolver.ResolveAsync(_open, stoppingToken).ConfigureAwait(false);
            if (!_open.IsEmpty)
            {
                await Task.Delay(Pause, time, stoppingToken).ConfigureAwait(false);
            }
        }
    }
}

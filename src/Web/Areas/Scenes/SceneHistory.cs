using System.Collections.Immutable;
using CalicoConsole.Adapters.Audit;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Scenes;
using CalicoConsole.Sandbox;

namespace CalicoConsole.Web.Areas.Scenes;

/// <summary>A fault that was made and not taken back since; it may have been mended otherwise.</summary>
/// <param name="Code">The scene.</param>
/// <param name="From">The container that asks.</param>
/// <param name="To">The container that is asked.</param>
/// <param name="At">When it was made (UTC).</param>
internal sealed record MadeFault(string Code, string From, string To, DateTimeOffset At);

/// <summary>Which faults stand, as the audit tells: it outlives the console, so a fault made before a restart is still named.</summary>
/// <param name="audit">The audit.</param>
/// <param name="sandbox">The sandbox, which forgets every fault when it begins anew; null for a lab.</param>
internal sealed class SceneHistory(IAuditLog audit, SandboxCluster? sandbox)
{
    private const int Looked = 200;
    private static readonly string Made = new PlayScene("", "", "").Name;

    /// <summary>Faults that stand, the newest first; none when the audit cannot be read.</summary>
    public async Task<ImmutableArray<MadeFault>> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var played = await audit.QueryAsync(new AuditQuery { Kind = PlayScene.Kind, Since = sandbox?.Began, Limit = Looked }, cancellationToken);
            return
            [
                .. played.Items.Where(IsDone).GroupBy(e => e.Intent.ObjectName, StringComparer.Ordinal)
                    .Select(g => g.MaxBy(e => e.Id)!).Where(e => e.Intent.Operation == Made).OrderByDescending(e => e.Id)
                    .Select(e => PlayScene.Read(e.Intent.ObjectName) is var (code, from, to) ? new MadeFault(code, from, to, e.Intent.At) : null)
                    .OfType<MadeFault>(),
            ];
        }
        catch (ConsoleDatabaseException)
        {
            return [];
        }
    }

    // A fault that was made in part stands too; one that was refused never stood.
    private static bool IsDone(AuditEntry entry) => entry.Outcome is null or { Outcome: not ("refused" or "failed" or "conflict") };
}

using CalicoConsole.Core.Ports;

namespace CalicoConsole.Adapters.Execution.Docker;

internal static class DockerHostExtensions
{
    /// <summary>Removes a container by force; one that is not there is fine.</summary>
    public static async Task RemoveIfThereAsync(this IDockerHost host, string idOrName)
    {
        try
        {
            await host.RemoveAsync(idOrName, force: true, CancellationToken.None).ConfigureAwait(false);
        }
        catch (DockerHostException e) when (e.Status == 404)
        {
            // Nothing there to remove: that is what was wanted.
        }
    }
}

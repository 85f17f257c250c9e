namespace CalicoConsole.NodeEmulation.Plugin;

/// <summary>One Docker remote driver as a function from request to answer, independent of how it is hosted. Safe for concurrent use.</summary>
/// <remarks>Protocol: Docker Engine plugin API; answers are those of Calico's libnetwork-plugin (docs/calico-v1.md#docker-plugin).</remarks>
public interface IPluginHandler
{
    /// <summary>File name of the driver's socket below <c>/run/docker/plugins</c>: <c>calico.sock</c> or <c>calico-ipam.sock</c>.</summary>
    string SocketName { get; }

    /// <summary>Answers one POST. Failures are answers (<c>{"Err":…}</c> with status 500), never exceptions, except cancellation.</summary>
    /// <param name="path">Path of the request, such as <c>/NetworkDriver.Join</c>.</param>
    /// <param name="body">Body of the request; empty is allowed where the call has no arguments.</param>
    /// <param name="cancellationToken">Ends the call when the caller goes away.</param>
    Task<PluginAnswer> AnswerAsync(string path, ReadOnlyMemory<byte> body, CancellationToken cancellationToken);
}

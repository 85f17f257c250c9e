using CalicoConsole.Sandbox.Docker;
using CalicoConsole.Sandbox.Node;

namespace CalicoConsole.Sandbox.Programs;

/// <summary>Chooses what a container does by its image and its command.</summary>
internal sealed class ProgramChooser(World world, Machine machine, EngineContainers containers,
    Func<IReadOnlyDictionary<string, string>, string, CalicoNode> node)
{
    /// <summary>The program of a container that is being started.</summary>
    public IContainerProgram Choose(Container container) => container switch
    {
        { Request: var request } when HostPreparationProgram.Is(request) => new HostPreparationProgram(),
        { Image.IsCalicoNode: true, Request: { Entrypoint.IsDefaultOrEmpty: true, Command.IsDefaultOrEmpty: true } request } =>
            node(Variables(request.Environment), container.Image.Tag),
        { Request.Network: { } network } when NetworkHelperProgram.Target(network) is { } target =>
            new NetworkHelperProgram(world.Kernels[machine.Name], Calico(target), container.CommandLine),
        _ => new SimpleProgram(container.CommandLine, container.Request.Command.IsDefaultOrEmpty ? container.Image.Says : [], world.Time),
    };

    private string? Calico(string container) => containers.Find(container) is { } found
        ? containers.Read(() => found.Attachments.FirstOrDefault(a => a.IsCalico)?.EndpointId) : null;

    private static Dictionary<string, string> Variables(ImmutableArray<string> environment) => environment
        .Select(e => e.Split('=', 2)).GroupBy(e => e[0], StringComparer.Ordinal)
            .ToDictionary(e => e.Key, e => e.Last() is [_, var value] ? value : "", StringComparer.Ordinal);
}

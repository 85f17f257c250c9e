using CalicoConsole.Core.Ports;

namespace CalicoConsole.Sandbox.Docker;

/// <summary>Refusals in the words of Docker Engine 20.10.24 (observed; golden <c>docker/*</c>).</summary>
internal static class Refusals
{
    public static DockerHostException NoSuchContainer(this Machine machine, string idOrName) => machine.Refuse(404, $"No such container: {idOrName}");

    public static DockerHostException NoSuchImage(this Machine machine, string image) => machine.Refuse(404, $"No such image: {image}");

    public static DockerHostException NoSuchNetwork(this Machine machine, string idOrName) => machine.Refuse(404, $"network {idOrName} not found");

    public static DockerHostException Refuse(this Machine machine, int status, string words) => new(machine.Name, status, words);

    /// <summary>What the sandbox does not do. No engine says this.</summary>
    public static DockerHostException NotSimulated(this Machine machine, string what) => machine.Refuse(501, $"sandbox: {what} not simulated");

    /// <summary>The simulated engine has gone, as one that is restarted.</summary>
    public static DockerHostException Gone(this Machine machine, string what) =>
        machine.Refuse(0, $"Docker host {machine.Name} (simulated): could not {what}: the sandbox was reset");
}

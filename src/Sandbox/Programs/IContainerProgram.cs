using CalicoConsole.Core.Ports;
using CalicoConsole.Sandbox.Docker;

namespace CalicoConsole.Sandbox.Programs;

/// <summary>What a container's first process does in the sandbox.</summary>
internal interface IContainerProgram
{
    /// <summary>Called once before it runs, while nobody has heard of the start yet.</summary>
    void Prepare()
    {
    }

    /// <summary>Runs until it ends or is told to; answers its exit code.</summary>
    /// <param name="log">The container's output.</param>
    /// <param name="stop">A signal that ends it; throwing the cancellation counts as ended by the signal.</param>
    Task<long> RunAsync(ContainerLog log, CancellationToken stop);

    /// <summary>Answers a program of its own image that is run beside it; null when it has none of that name.</summary>
    IAsyncEnumerable<DockerExecOutput>? Exec(ImmutableArray<string> command, CancellationToken cancellationToken) => null;
}

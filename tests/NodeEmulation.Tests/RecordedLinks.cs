using System.Collections.Concurrent;
using CalicoConsole.Core.Model;
using CalicoConsole.NodeEmulation.Plugin;
using CalicoConsole.NodeEmulation.Startup;

namespace CalicoConsole.NodeEmulation.Tests;

/// <summary>Notes what is asked of the kernel and answers one link-local address.</summary>
internal sealed class RecordedLinks(Ip? linkLocal) : ILinkSetup
{
    public ConcurrentQueue<VethPair> Created { get; } = [];

    public ConcurrentQueue<string> Deleted { get; } = [];

    public Task CreateAsync(VethPair pair, CancellationToken cancellationToken)
    {
        Created.Enqueue(pair);
        return Task.CompletedTask;
    }

    public Task DeleteAsync(string hostSide, CancellationToken cancellationToken)
    {
        Deleted.Enqueue(hostSide);
        return Task.CompletedTask;
    }

    public Task<Ip?> LinkLocalAsync(string hostSide, CancellationToken cancellationToken) => Task.FromResult(linkLocal);
}

/// <summary>Keeps log lines.</summary>
internal sealed class ListLog : INodeLog
{
    public ConcurrentQueue<NodeLogLine> Lines { get; } = [];

    public void Write(NodeLogLine line) => Lines.Enqueue(line);
}

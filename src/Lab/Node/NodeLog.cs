using CalicoConsole.NodeEmulation.Startup;

namespace CalicoConsole.Lab.Node;

/// <summary>Writes the node's log to standard output, where <c>docker logs</c> finds it. Safe for concurrent use.</summary>
internal sealed class NodeLog(TimeProvider time) : INodeLog
{
    /// <inheritdoc/>
    public void Write(NodeLogLine line) => Console.Out.WriteLine(line.ToString());

    public void Information(string text) => Write(new NodeLogLine(time.GetUtcNow(), "INFO", text));

    public void Fatal(string text) => Write(new NodeLogLine(time.GetUtcNow(), "FATAL", text));

    public void Warning(string text) => Write(new NodeLogLine(time.GetUtcNow(), "WARNING", text));
}

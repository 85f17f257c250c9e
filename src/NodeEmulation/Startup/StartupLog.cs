namespace CalicoConsole.NodeEmulation.Startup;

/// <summary>Stamps lines with the clock.</summary>
internal sealed class StartupLog(INodeLog log, TimeProvider time)
{
    public void Info(string text) => log.Write(new NodeLogLine(time.GetUtcNow(), "INFO", text));

    public void Warning(string text) => log.Write(new NodeLogLine(time.GetUtcNow(), "WARNING", text));
}

namespace CalicoConsole.NodeEmulation.Startup;

/// <summary>A line of calico/node's log.</summary>
/// <param name="At">When.</param>
/// <param name="Level">INFO, WARNING, ERROR or FATAL.</param>
/// <param name="Text">The message.</param>
public sealed record NodeLogLine(DateTimeOffset At, string Level, string Text)
{
    /// <summary>The line in the form of calico/node: time, level, message.</summary>
    public override string ToString() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{At.UtcDateTime:yyyy-MM-dd HH:mm:ss.fff} [{Level}] {Text}");
}

/// <summary>Takes log lines; called from any thread.</summary>
public interface INodeLog
{
    /// <summary>Takes one line.</summary>
    void Write(NodeLogLine line);
}

using System.Globalization;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Containers;

namespace CalicoConsole.Core.Diagnostics.Probes;

/// <summary>What a test brought.</summary>
/// <param name="Sent">Packets or attempts sent.</param>
/// <param name="Answered">How many were answered.</param>
/// <param name="Refused">Whether the other end refused a connection: it was reached, and nothing listens there.</param>
/// <param name="Said">The program's last words.</param>
public sealed record TestAnswer(int Sent, int Answered, bool Refused, string Said)
{
    /// <summary>Whether packets went there and back.</summary>
    public bool Reached => Answered > 0 || Refused;
}

/// <summary>Three pings from inside the container, in the form that busybox and iputils both take.</summary>
/// <param name="Target">An address.</param>
/// <param name="Bytes">Bytes of data in each request; null is ping's own 56. 1472 fill a packet of 1,500 bytes.</param>
public sealed record PingProbe(string Target, int? Bytes = null) : ExecProbe<TestAnswer>
{
    /// <summary>How many requests are sent.</summary>
    public const int Requests = 3;

    /// <inheritdoc/>
    public override string Name => Bytes is { } bytes ? string.Create(CultureInfo.InvariantCulture, $"ping {Target} with {bytes} bytes") : $"ping {Target}";

    /// <inheritdoc/>
    public override ProbeVantage Vantage => ProbeVantage.Container;

    /// <inheritdoc/>
    public override string Reads => "whether echo requests are answered";

    /// <inheritdoc/>
    public override string SideEffects => $"sends {Requests} echo requests";

    /// <inheritdoc/>
    public override TimeSpan Limit => TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public override ImmutableArray<string> Command => Bytes is { } bytes
        ? ["ping", "-c", "1", "-W", "1", "-s", bytes.ToString(CultureInfo.InvariantCulture), Target]
        : ContainerCommands.Ping(new Ping("", "", Target, Requests));

    /// <inheritdoc/>
    protected override Reading<TestAnswer> Understand(ProbeOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        foreach (var line in output.Lines)
        {
            if (PingSummary.Read(line) is var (sent, received))
            {
                return Reading.Known(new TestAnswer(sent, received, false, line.Trim()));
            }
        }

        // busybox says this and ends where the container has no route at all.
        return output.Said.Contains("unreachable", StringComparison.OrdinalIgnoreCase)
            ? Reading.Known(new TestAnswer(0, 0, false, output.Said))
            : Reading.Unknown<TestAnswer>($"ping gave no count: {Brief(output.Said)}");
    }
}

/// <summary>A TCP connection from inside the container, opened and closed at once.</summary>
/// <param name="Target">An address.</param>
/// <param name="Port">1 to 65535.</param>
/// <param name="Small">Whether to ask the nc of busybox as Debian builds it, which knows no <c>-z</c>.</param>
public sealed record ConnectProbe(string Target, int Port, bool Small = false) : ExecProbe<TestAnswer>
{
    private const int Seconds = 2;

    /// <inheritdoc/>
    public override string Name => string.Create(CultureInfo.InvariantCulture, $"connect to {Target} port {Port}");

    /// <inheritdoc/>
    public override ProbeVantage Vantage => ProbeVantage.Container;

    /// <inheritdoc/>
    public override string Reads => "whether a TCP connection is made, refused or not answered";

    /// <inheritdoc/>
    public override string SideEffects => "opens a connection and closes it";

    /// <inheritdoc/>
    public override TimeSpan Limit => TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public override ImmutableArray<string> Command =>
        Small ? ContainerCommands.ConnectSmall(Operation) : ContainerCommands.Connect(Operation);

    private ConnectTcp Operation => new("", "", Target, Port, Seconds);

    /// <summary>Whether an answer means that this nc does not know the options, so that the other form is to be tried.</summary>
    public static bool IsUnknownOption(ProbeOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        return output.ExitCode is not 0 && TcpAnswers.IsUnknownOption(output.Words);
    }

    /// <inheritdoc/>
    protected override Reading<TestAnswer> Understand(ProbeOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        return TcpAnswers.Read(output.ExitCode, output.Words) is { } answer
            ? Reading.Known(new TestAnswer(1, answer == TcpAnswer.Connected ? 1 : 0, answer == TcpAnswer.Refused, Brief(output.Said)))
            : Reading.Unknown<TestAnswer>($"nc says nothing of the path: {Brief(output.Said)}");
    }
}

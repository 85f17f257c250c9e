using CalicoConsole.Core.Ports;

namespace CalicoConsole.Core.Model.Bgp;

/// <summary>
/// Reads BIRD's reply to <c>show protocols</c> on its control socket (BIRD 1.6 programmer's documentation, "Client"), with the codes that
/// <c>birdcl -v</c> leaves in it, to the sessions that <c>calicoctl node status</c> 1.6.3 lists. Pure.
/// </summary>
public static class BirdReply
{
    private static readonly string[] Headings = ["name", "proto", "table", "state", "since", "info"];

    /// <summary>The sessions, or why the reply cannot be read.</summary>
    /// <param name="reply">The whole reply; lines may end in CR LF.</param>
    /// <param name="ipv6">Whether it is BIRD for IPv6: underscores in a protocol's name stand for colons, not dots.</param>
    public static BgpDaemon Parse(string reply, bool ipv6)
    {
        ArgumentNullException.ThrowIfNull(reply);
        var sessions = ImmutableArray.CreateBuilder<BgpSession>();
        var headed = false;
        foreach (var line in reply.Split('\n').Select(l => l.TrimEnd('\r')).SkipWhile(l => l.Length == 0))
        {
            switch (Code(line))
            {
                case "0000":
                    return Answer(headed, sessions, reply);
                case "0001" or "0016":
                    // Hello; access restricted.
                    break;
                case "2002" when line[5..].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).SequenceEqual(Headings, StringComparer.Ordinal):
                    headed = true;
                    break;
                case "1002":
                    Add(sessions, line[5..], ipv6);
                    break;
                case " ":
                    Add(sessions, line, ipv6);
                    break;
                case { } code when code[0] is '8' or '9':
                    return BgpDaemon.NotRunning($"BIRD refused 'show protocols': {line[5..].Trim()}");
                case null when line.Length == 0:
                    // birdcl does not pass the line 0000 on: the reply may simply end.
                    break;
                default:
                    return BgpDaemon.NotRunning($"BIRD's reply to 'show protocols' cannot be read at '{line}'");
            }
        }

        return Answer(headed, sessions, reply);
    }

    private static BgpDaemon Answer(bool headed, ImmutableArray<BgpSession>.Builder sessions, string reply) => headed
        ? new BgpDaemon(true, null, sessions.ToImmutable())
        : BgpDaemon.NotRunning(string.IsNullOrWhiteSpace(reply)
            ? "BIRD answered nothing to 'show protocols'" : "BIRD's reply to 'show protocols' has no table");

    // Four digits and a hyphen or blank; a blank alone continues the reply of the code before.
    private static string? Code(string line) =>
        line.StartsWith(' ') ? " "
        : line.Length >= 5 && line[4] is '-' or ' ' && line[..4].All(char.IsAsciiDigit) ? line[..4]
        : line == "0000" ? line
        : null;

    // Fewer than six columns: a session without a BGP state, such as a disabled one. calicoctl leaves it out.
    private static void Add(ImmutableArray<BgpSession>.Builder sessions, string row, bool ipv6)
    {
        var columns = row.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (columns.Length < 6 || columns[1] != "BGP" || columns[0].IndexOf('_', StringComparison.Ordinal) is not (> 0 and var at)
            || at + 1 == columns[0].Length)
        {
            return;
        }

        BgpPeerType? type = columns[0][..at] switch
        {
            "Mesh" => BgpPeerType.NodeToNodeMesh,
            "Node" => BgpPeerType.NodeSpecific,
            "Global" => BgpPeerType.Global,
            _ => null,
        };
        if (type is { } known)
        {
            sessions.Add(new BgpSession(columns[0][(at + 1)..].Replace('_', ipv6 ? ':' : '.'), known, columns[3], columns[4], string.Join(' ', columns[5..])));
        }
    }
}

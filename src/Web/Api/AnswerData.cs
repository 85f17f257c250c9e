using System.Collections.Immutable;
using System.Globalization;
using CalicoConsole.Core.Operations;

namespace CalicoConsole.Web.Api;

/// <summary>The <c>data</c> of an answer: what an operation found or made, by the API's names. These never change.</summary>
internal static class AnswerData
{
    /// <summary>The name of an object's id, which answers also give by itself.</summary>
    public const string Id = "id";

    /// <summary>What an operation's answer is in the API; a name without a value is left out.</summary>
    public static ImmutableSortedDictionary<string, string> Written(OperationAnswer answer) => answer switch
    {
        OperationAnswer.None => Named(),
        OperationAnswer.Container c => Named(
            (Id, c.Id),
            ("host", c.Host),
            ("name", c.Name),
            ("ip", c.Address?.IPv4),
            ("network", c.Address?.Network),
            ("endpointId", c.Address?.EndpointId),
            ("proposedIp", c.Proposed?.ToString()),
            ("leftEndpoint", c.Left?.Name),
            ("leftNetwork", c.Left?.NetworkId)),
        OperationAnswer.CalicoNode n => Named((Id, n.Id), ("host", n.Host), ("node", n.Node)),
        OperationAnswer.CreatedNetwork n => Named((Id, n.Id), ("host", n.Host), ("name", n.Name)),
        OperationAnswer.RemovedNetwork n => Named((Id, n.Id)),
        OperationAnswer.ReleasedFor r => Named((Id, r.Id), ("name", r.Name)),
        OperationAnswer.PingCount p => Named(("sent", Number(p.Sent)), ("received", Number(p.Received))),
        OperationAnswer.Captured c => Named((Id, c.Id.ToString()), ("headline", c.Headline)),
        OperationAnswer.Diagnosed d => Named((Id, d.Report.ToString()), ("outcome", d.Outcome), ("headline", d.Headline)),
        OperationAnswer.TcpProbe t => Named(("answer", Word(t.Answer))),
        _ => throw new ArgumentOutOfRangeException(nameof(answer), answer, "unknown answer"),
    };

    private static string Word(TcpAnswer answer) => answer switch
    {
        TcpAnswer.Connected => "connected",
        TcpAnswer.Refused => "refused",
        TcpAnswer.NoAnswer => "noAnswer",
        _ => throw new ArgumentOutOfRangeException(nameof(answer), answer, "unknown answer"),
    };

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static ImmutableSortedDictionary<string, string> Named(params ReadOnlySpan<(string Name, string? Value)> values)
    {
        var data = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in values)
        {
            if (value is not null)
            {
                data.Add(name, value);
            }
        }

        return data.ToImmutable();
    }
}

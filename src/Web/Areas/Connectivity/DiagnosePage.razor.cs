using System.Collections.Immutable;
using System.Globalization;
using CalicoConsole.Core.Diagnostics;
using CalicoConsole.Core.Diagnostics.Evidence;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Kit.Forms;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Connectivity;

public sealed partial class DiagnosePage
{
    private const int Offered = 200;

    private static readonly ImmutableArray<FormOption> Protocols = [new("ping", "ping"), new("tcp", "TCP"), new("udp", "UDP")];

    private string _from = "";
    private string _to = "";
    private string _protocol = "ping";
    private string _port = "";
    private bool _begun;
    private ClusterSnapshot? _seen;
    private ImmutableArray<FieldError> _errors = [];
    private ImmutableArray<FormOption> _ends = [];

    [SupplyParameterFromQuery(Name = "from")]
    public string? FromAsked { get; set; }

    [SupplyParameterFromQuery(Name = "to")]
    public string? ToAsked { get; set; }

    [SupplyParameterFromQuery(Name = "protocol")]
    public string? ProtocolAsked { get; set; }

    [SupplyParameterFromQuery(Name = "port")]
    public string? PortAsked { get; set; }

    private Diagnose? Operation => _errors.IsEmpty ? new Diagnose(Question) : null;

    private DiagnosisQuestion Question => new(_from.Trim(), _to.Trim(), _protocol,
        _protocol == "ping" ? null : int.TryParse(_port, NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : null);

    protected override void OnParametersSet()
    {
        if (!_begun)
        {
            (_begun, _from, _to, _port) = (true, FromAsked ?? "", ToAsked ?? "", PortAsked ?? "");
            _protocol = ProtocolAsked is "tcp" or "udp" ? ProtocolAsked : _port.Length > 0 ? "tcp" : "ping";
        }

        OnSnapshot();
    }

    protected override void OnSnapshot()
    {
        if (!ReferenceEquals(_seen?.Views, Snapshot.Views))
        {
            _seen = Snapshot;
            _ends = [.. FlowEnds.Complete(Snapshot, "", Offered).Select(e => new FormOption(e, e))];
        }

        Read();
    }

    private void Set(Action change)
    {
        change();
        Read();
    }

    private void Read() => _errors = _protocol != "ping" && _port.Length > 0 && !int.TryParse(_port, NumberStyles.None, CultureInfo.InvariantCulture, out _)
        ? [new FieldError("port", $"'{_port}' is not a port from 1 to 65535")] : [];

    private void Restore(Operation operation)
    {
        if (operation is Diagnose { Question: var q })
        {
            Set(() => (_from, _to, _protocol, _port) = (q.From, q.To, q.Kind, q.Port?.ToString(CultureInfo.InvariantCulture) ?? ""));
        }
    }
}

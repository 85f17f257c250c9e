using System.Collections.Immutable;
using System.Globalization;
using CalicoConsole.Core.Captures;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Reachability.Flows;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Kit.Forms;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Connectivity;

public sealed partial class CapturePacketsPage
{
    private const int Offered = 200;

    private static readonly ImmutableArray<FormOption> Protocols = [new("", "All"), new("icmp", "ICMP"), new("tcp", "TCP"), new("udp", "UDP")];

    private string _from = "";
    private string _to = "";
    private string _also = "";
    private string _protocol = "";
    private string _port = "";
    private string _hosts = "";
    private string _seconds = "10";
    private string _packets = "1000";
    private string _mib = "4";
    private bool _arp = true;
    private bool _ping;
    private bool _begun;
    private ImmutableHashSet<string> _off = [];
    private ImmutableArray<CapturePoint> _proposed = [];
    private ImmutableArray<string> _lacking = [];
    private ClusterSnapshot? _seen;
    private ImmutableArray<FieldError> _errors = [];
    private ImmutableArray<FormOption> _ends = [];

    [SupplyParameterFromQuery(Name = "from")]
    public string? FromAsked { get; set; }

    [SupplyParameterFromQuery(Name = "to")]
    public string? ToAsked { get; set; }

    private Capture? Operation => _errors.IsEmpty ? new Capture(Request, Helper.Image) : null;

    private CaptureRequest Request => new(_from.Trim(), _to.Trim())
    {
        Points = _off.IsEmpty && _also.Trim().Length == 0 ? [] : [.. _proposed.Where(p => !_off.Contains(p.Key)).Select(p => p.Key), .. Words(_also)],
        Only = new CaptureOnly(_protocol, _protocol == "icmp" ? null : Number(_port), [.. Words(_hosts)], _arp),
        Limits = new CaptureLimits(Number(_seconds) ?? 0, Number(_packets) ?? 0, Number(_mib) ?? 0),
        Ping = _ping,
    };

    protected override void OnParametersSet()
    {
        if (!_begun)
        {
            (_begun, _from, _to) = (true, FromAsked ?? "", ToAsked ?? "");
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

    private void Choose(string point, bool on) => Set(() => _off = on ? _off.Remove(point) : _off.Add(point));

    private string NameOf(string point) => _proposed.FirstOrDefault(p => p.Key == point)?.Name ?? point;

    private void Read()
    {
        _proposed = new CaptureRequest(_from.Trim(), _to.Trim()).Read(Snapshot).Proposed;
        _errors =
        [
            .. new[] { ("seconds", _seconds), ("packets", _packets), ("mib", _mib), ("port", _port) }
                .Where(f => (f.Item1 != "port" || (f.Item2.Length > 0 && _protocol != "icmp")) && Number(f.Item2) is null)
                .Select(f => new FieldError(f.Item1, $"'{f.Item2}' is not a number")),
            .. _proposed.Length > 0 && _off.Count >= _proposed.Length && _proposed.All(p => _off.Contains(p.Key)) && _also.Trim().Length == 0
                ? [new FieldError("points", "choose at least one point")] : Array.Empty<FieldError>(),
        ];
        _lacking = _from.Trim().Length + _to.Trim().Length + _also.Trim().Length == 0 ? [] : [.. new Capture(Request, Helper.Image).Lacking(Snapshot)];
    }

    private void Restore(Operation operation)
    {
        if (operation is not Capture { Request: var r })
        {
            return;
        }

        (_from, _to, _ping, _arp, _protocol) = (r.From, r.To, r.Ping, r.Only.Arp, r.Only.Protocol);
        (_port, _hosts) = (r.Only.Port is { } port ? Text(port) : "", string.Join(' ', r.Only.Hosts));
        (_seconds, _packets, _mib) = (Text(r.Limits.Seconds), Text(r.Limits.Packets), Text(r.Limits.MiB));
        _also = string.Join(' ', r.Points.Where(p => p.Contains(':', StringComparison.Ordinal)));
        Read();
        _off = r.Points.IsEmpty ? [] : [.. _proposed.Select(p => p.Key).Except(r.Points, StringComparer.Ordinal)];
        Read();
    }

    private static string[] Words(string text) => text.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);

    private static int? Number(string text) => int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

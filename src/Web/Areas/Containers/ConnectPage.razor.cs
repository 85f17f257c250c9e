using System.Collections.Immutable;
using System.Globalization;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Containers;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Kit.Forms;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Containers;

public sealed partial class ConnectPage
{
    private string _target = "";
    private string _port = "";
    private bool _begun;
    private ContainerView? _view;
    private ImmutableArray<FieldError> _errors = [];
    private ImmutableArray<FormOption> _targets = [];

    [SupplyParameterFromQuery(Name = "host")]
    public string? Host { get; set; }

    [SupplyParameterFromQuery(Name = "container")]
    public string? Container { get; set; }

    [SupplyParameterFromQuery(Name = "target")]
    public string? TargetAsked { get; set; }

    [SupplyParameterFromQuery(Name = "port")]
    public string? PortAsked { get; set; }

    private string? Own => _view?.Container.Networks.FirstOrDefault(n => n.IPv4.Length > 0)?.IPv4;

    private string? TargetWords => _targets.FirstOrDefault(t => t.Value == _target.Trim())?.Text;

    private ConnectTcp? Operation => _errors.IsEmpty && Port is { } port
        ? new ConnectTcp(_view?.Host ?? Host ?? "", _view?.Container.Id ?? Container ?? "", _target.Trim(), port) { Label = _view?.Container.Name }
        : null;

    private int? Port => int.TryParse(_port.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : null;

    protected override void OnParametersSet()
    {
        if (!_begun)
        {
            (_begun, _target, _port) = (true, TargetAsked ?? "", PortAsked ?? "");
        }

        OnSnapshot();
    }

    protected override void OnSnapshot()
    {
        _view = FormQuery.Container(Snapshot, Host, Container);
        _targets = [.. FormChoices.Addresses(Snapshot).Where(o => o.Value != Own)];
        Read();
    }

    private void Set(Action change)
    {
        change();
        Read();
    }

    private void Read() => _errors = Port is not null ? []
        : [new FieldError("port", _port.Trim().Length == 0 ? "a port from 1 to 65535 is needed" : $"'{_port.Trim()}' is not a port from 1 to 65535")];

    private void Restore(Operation operation)
    {
        if (operation is ConnectTcp o)
        {
            Set(() => (_target, _port) = (o.Target, o.Port.ToString(CultureInfo.InvariantCulture)));
        }
    }
}

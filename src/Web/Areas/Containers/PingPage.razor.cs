using System.Collections.Immutable;
using System.Globalization;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Containers;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Kit.Forms;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Containers;

public sealed partial class PingPage
{
    private string _target = "";
    private string _count = "4";
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

    private string? Own => _view?.Container.Networks.FirstOrDefault(n => n.IPv4.Length > 0)?.IPv4;

    private string? TargetWords => _targets.FirstOrDefault(t => t.Value == _target.Trim())?.Text;

    private Ping? Operation => _errors.IsEmpty && int.TryParse(_count, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
        ? new Ping(_view?.Host ?? Host ?? "", _view?.Container.Id ?? Container ?? "", _target.Trim(), count) { Label = _view?.Container.Name }
        : null;

    protected override void OnParametersSet()
    {
        if (!_begun)
        {
            (_begun, _target) = (true, TargetAsked ?? "");
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

    private void Read() => _errors = int.TryParse(_count, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? []
        : [new FieldError("count", $"'{_count}' is not a number from 1 to 100")];

    private void Restore(Operation operation)
    {
        if (operation is Ping o)
        {
            Set(() => (_target, _count) = (o.Target, o.Count.ToString(CultureInfo.InvariantCulture)));
        }
    }
}
